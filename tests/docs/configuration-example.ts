import { stringify } from 'yaml'
import type { ConfigurationKey } from './configuration-keys.js'

/** `config/tenantgate.example.yaml`: every key with its default, or with an example commented out where the default is empty. */
export function configurationExample(keys: readonly ConfigurationKey[]): string {
  return `# Every key of the configuration file, with its default and unit.
# Written from src/config/schema.ts by tests/docs/configuration.test.ts; \${NAME} takes an environment variable.
${keys.map(lines).join('')}`
}

function lines(key: ConfigurationKey): string {
  const depth = key.path.length - 1
  const name = key.path.at(-1) ?? ''
  const note = `# ${key.description}${key.unit === undefined ? '' : ` (${key.unit})`}`
  if (key.isSection) return indent(`${depth === 0 ? '\n' : ''}${note}\n${name}:`, depth)
  const value = key.isRequired ? key.example : key.default
  const shown = indent(
    `${note}\n${stringify({ [name]: value }, { lineWidth: 0, flowCollectionPadding: true }).trimEnd()}`,
    depth,
  )
  if (key.isRequired || key.example === undefined) return shown
  const example = stringify({ [name]: key.example }, { lineWidth: 0 }).trimEnd()
  return shown + indent(example.replaceAll(/^/gm, '# '), depth)
}

function indent(text: string, depth: number): string {
  return `${text.replaceAll(/^(?=.)/gm, '  '.repeat(depth))}\n`
}
