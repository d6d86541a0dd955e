import type { Frame } from '../wire/frame.js'
import type { Session } from './session.js'

/**
 * Does what one message of the client asks for.
 *
 * False: it has to wait, nothing has happened; the same message is tried again when the session is woken.
 */
export type MessageHandler = (session: Session, frame: Frame) => boolean
