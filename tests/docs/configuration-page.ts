import type { ConfigurationKey } from './configuration-keys.js'

/** `docs/configuration.md`, from the schema. */
export function configurationPage(keys: readonly ConfigurationKey[]): string {
  return `# Configuration

<!-- Written from src/config/schema.ts by tests/docs/configuration.test.ts (\`npx vitest run tests/docs -u\`); do not edit. -->

One YAML file: \`tenantgate serve --config FILE\`. [tenantgate.example.yaml](../config/tenantgate.example.yaml) holds every key with its default.

- \`\${NAME}\` takes an environment variable. In \`upstream.url\` and \`upstream.operatorUrl\` its value is percent-encoded,
  unless the variable is the whole URL, so a password may hold any character.
- An unknown key, a missing variable or a wrong type stops the start with exit code 2 and says the key, what was expected and the line.
- Files are relative to the configuration file.
- Names of relations, columns and functions are spelt as the catalog has them; a part that holds a dot stands between double quotes.

${keys
  .filter(({ path }) => path.length === 1)
  .map((key) => section(key, keys))
  .join('\n')}`
}

function section(top: ConfigurationKey, keys: readonly ConfigurationKey[]): string {
  const leaves = keys.filter(({ path, isSection }) => path[0] === top.path[0] && !isSection)
  return `## ${top.path[0]}

${top.description}

| key | type | default | meaning |
|---|---|---|---|
${leaves.map(row).join('\n')}
`
}

function row(key: ConfigurationKey): string {
  const value = key.isRequired ? 'required' : `\`${JSON.stringify(key.default)}\``
  const unit = key.unit === undefined ? '' : ` (${key.unit})`
  return `| \`${key.path.join('.')}\` | ${key.type} | ${value} | ${key.description}${unit} |`
}
