/** A word of date and time that means the moment in which it is parsed, anywhere in a literal and also behind an escape; `now()` is a call, and none. */
const MOMENT = /(?:(?<![a-z_])|(?<=\\[a-z]))(?:now(?!\s*\()|today|tomorrow|yesterday)(?![a-z_])/i

/** Whether a text may have a literal that means another moment each time it is parsed. */
export function namesMoment(text: Buffer): boolean {
  return MOMENT.test(text.toString('latin1'))
}
