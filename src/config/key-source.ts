import { z } from 'zod'

const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/

/** A file, or a URL by which nobody else can hand out keys of their own. */
export const keySource = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    const message = isUrl(value) ? urlProblem(value) : null
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

export function isUrl(source: string): boolean {
  return source.includes('://')
}

function urlProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url === null || !isSafe) return 'expected a file or an https:// URL; http:// only of this machine'
  return url.username === '' && url.password === '' ? null : 'expected a URL without user name and password'
}
