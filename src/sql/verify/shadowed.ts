import { fields, list, node, stringConstant, type Tree } from './shapes.js'

/** A setting of the server's that stands for the gateway's own search path. */
const SHADOW = 'tenantgate.search_path'

/** SET and SHOW of the search path, which the gateway keeps, and DEALLOCATE of what the server has by another name. */
export function isShadowed(original: unknown, scoped: unknown): boolean {
  const set = node(original, 'VariableSetStmt')
  const shadow = node(scoped, 'VariableSetStmt')
  if (shadow !== null && node(original, 'DeallocateStmt') !== null)
    return (
      shadow.name === SHADOW && shadow.is_local === undefined && stringConstant(list(shadow.args)[0]) === ''
    )
  if (set !== null && shadow !== null && isSearchPath(set.name)) {
    const [value, ...others] = list(shadow.args)
    return (
      shadow.name === SHADOW &&
      others.length === 0 &&
      stringConstant(value) === '' &&
      set.is_local === shadow.is_local
    )
  }
  const show = node(original, 'VariableShowStmt')
  const select = node(scoped, 'SelectStmt')
  if (show === null || select === null || !isSearchPath(show.name)) return false
  const [target, ...more] = list(select.targetList)
  return (
    more.length === 0 &&
    fields(select).length === 3 &&
    stringConstant(node(target, 'ResTarget')?.val) !== null
  )
}

function isSearchPath(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'search_path'
}

/** set_config('search_path', …): only the constant differs. */
export function isShadowedCall(original: Tree, scoped: Tree): boolean {
  return isSearchPath(stringConstant(original)) && stringConstant(scoped) === SHADOW
}
