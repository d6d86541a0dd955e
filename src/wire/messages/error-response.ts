import { type NoticeFields, noticeCodec } from '../notice-fields.js'

/** An error: the statement, or by its severity the session, has failed. */
export type ErrorResponse = NoticeFields

export const ErrorResponse = noticeCodec('ErrorResponse', 'E')
