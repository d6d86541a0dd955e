import { type NoticeFields, noticeCodec } from '../notice-fields.js'

/** A warning or remark; may come at any time. */
export type NoticeResponse = NoticeFields

export const NoticeResponse = noticeCodec('NoticeResponse', 'N')
