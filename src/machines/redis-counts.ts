import type { SharedCounts } from '../limits/shared-counts.js'
import type { LimitClient } from './limit-store.js'

const LIFETIME_MS = 10_000
/** How often in its lifetime a part is written again. */
const RENEWALS = 3
/** No limit: what is so has to be taken note of. */
const WHATEVER = '-'

/**
 * One key's parts are a hash: machine → its part, and until when that is good by the store's clock.
 *
 * Arguments: the machine, the part it wants, the limit, how long a part is good. Gives whether it has it, and how many others are there.
 */
const CLAIM = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local machine, wanted, limit, lifetime = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local own, taken, others = 0, 0, 0
local parts = redis.call('HGETALL', KEYS[1])
for i = 1, #parts, 2 do
  local count, good = string.match(parts[i + 1], '^(%d+) (%d+)$')
  if parts[i] == machine then
    own = tonumber(count)
  elseif tonumber(good) < now then
    redis.call('HDEL', KEYS[1], parts[i])
  else
    taken = taken + tonumber(count)
    others = others + 1
  end
end
local granted = limit == nil or taken + wanted <= limit
if granted then own = wanted end
if granted and own == 0 then
  redis.call('HDEL', KEYS[1], machine)
else
  redis.call('HSET', KEYS[1], machine, own .. ' ' .. string.format('%.0f', now + lifetime))
  redis.call('PEXPIRE', KEYS[1], lifetime)
end
return { granted and 1 or 0, others }
`

interface Part {
  own: number
  others: number
  /** Claims that aren't answered: what the store has may be more than `own`. */
  claims: number
  /** Counts what has been said of it: an answer to what isn't the latest changes nothing here. */
  said: number
}

interface Answer {
  readonly isGranted: boolean
  readonly others: number
}

export interface RedisCountsOptions {
  /** Of the store's keys. */
  readonly prefix: string
  /** This one's name, which no other has. */
  readonly machine: string
  /** A machine that isn't heard of for so long has gone, and what it had with it; 10,000 ms unless told otherwise. */
  readonly lifetimeMs?: number
}

/** Counts in Redis: each machine writes its own part, and again and again as long as it lives. */
export class RedisCounts implements SharedCounts {
  readonly #client: LimitClient
  readonly #options: RedisCountsOptions
  readonly #lifetimeMs: number
  readonly #parts = new Map<string, Part>()
  readonly #renewal: NodeJS.Timeout

  constructor(client: LimitClient, options: RedisCountsOptions) {
    this.#client = client
    this.#options = options
    this.#lifetimeMs = options.lifetimeMs ?? LIFETIME_MS
    this.#renewal = setInterval(() => this.#renewAll(), this.#lifetimeMs / RENEWALS).unref()
  }

  async claim(key: string, own: number, limit: number): Promise<boolean> {
    const part = this.#parts.get(key) ?? { own: 0, others: 0, claims: 0, said: 0 }
    this.#parts.set(key, part)
    part.claims += 1
    part.said += 1
    const { said } = part
    const answer = await this.#ask(key, own, String(limit))
    part.claims -= 1
    if (answer !== null) part.others = answer.others
    const isGranted = answer?.isGranted ?? true
    if (isGranted && part.said === said) part.own = own
    return isGranted
  }

  lower(key: string, own: number): void {
    const part = this.#parts.get(key)
    if (part === undefined) return
    part.own = own
    part.said += 1
    void this.#write(key, part)
  }

  others(key: string): number {
    return this.#parts.get(key)?.others ?? 0
  }

  stop(): void {
    clearInterval(this.#renewal)
  }

  #renewAll(): void {
    for (const [key, part] of this.#parts) if (part.claims === 0) void this.#write(key, part)
  }

  async #write(key: string, part: Part): Promise<void> {
    const { own } = part
    const answer = await this.#ask(key, own, WHATEVER)
    if (answer !== null) part.others = answer.others
    if (own === 0 && part.own === 0 && part.claims === 0) this.#parts.delete(key)
  }

  /** Null: the store can't be reached. */
  async #ask(key: string, own: number, limit: string): Promise<Answer | null> {
    const { prefix, machine } = this.#options
    try {
      const reply = await this.#client.eval(CLAIM, {
        keys: [`${prefix}${key}`],
        arguments: [machine, String(own), limit, String(this.#lifetimeMs)],
      })
      const [granted, others] = reply as [number, number]
      return { isGranted: granted === 1, others }
    } catch {
      return null
    }
  }
}
