/** A literal of date and time that means the moment in which it is parsed. */
const MOMENT = /'\s*(?:now|today|tomorrow|yesterday)/i

/** Whether a text may have a literal that means another moment each time it is parsed. */
export function namesMoment(text: Buffer): boolean {
  return MOMENT.test(text.toString('latin1'))
}
