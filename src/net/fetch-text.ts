import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getEncrypted } from 'node:https'

export interface FetchLimits {
  readonly maxBytes: number
  /** From the first byte sent to the last one received, ms. */
  readonly timeoutMs: number
}

/**
 * Gets what an http or https URL gives: the body of an answer 200.
 *
 * Redirects aren't followed: one could lead from https to http, or to an address that nobody has configured.
 *
 * Rejects with an error that says nothing of the body
 */
export async function fetchText(url: string, { maxBytes, timeoutMs }: FetchLimits): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await request(url, signal)
  try {
    if (response.statusCode !== 200) throw new Error(`${url} was answered with status ${response.statusCode}`)
    return await textOf(response, maxBytes)
  } finally {
    response.destroy()
  }
}

function request(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? getEncrypted : getPlain
  return new Promise((resolve, reject) => {
    // a connection that is kept for the next time would be there when the gateway wants to stop
    const options = {
      agent: false,
      signal,
      headers: { accept: 'application/jwk-set+json, application/json' },
    }
    get(url, options, resolve).on('error', reject)
  })
}

async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
