/** What a tenant may do with one setting. */
export interface SettingRule {
  readonly set: boolean
  readonly show: boolean
  /** Why it can neither be set nor shown; null where it can. */
  readonly reason: string | null
}

export const settable: SettingRule = { set: true, show: true, reason: null }
export const showable: SettingRule = { set: false, show: true, reason: null }

export function refused(reason: string): SettingRule {
  return { set: false, show: false, reason }
}
