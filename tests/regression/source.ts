import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasProgram } from '../support/programs.js'
import { run } from '../support/run.js'

/** Where the regression files are: `sql/`, `data/`, `parallel_schedule`. */
export type Source = { readonly folder: string; readonly version: string } | { readonly missing: string }

const PACKAGE = 'postgresql-15'
const NEEDED = ['apt-get', 'apt-cache', 'tar', 'bzip2']
const REGRESS = 'src/test/regress'

/**
 * PostgreSQL's own regression files, from Debian's source package of the version that is installed.
 *
 * Fetched once and kept below the system's folder for temporary files. apt works on lists and a cache of our own: nothing of
 * the system is changed.
 */
export async function regressionSource(): Promise<Source> {
  const lacking = NEEDED.filter((name) => !hasProgram(name))
  if (lacking.length > 0) return { missing: `${lacking.join(', ')} not installed` }
  const root = join(tmpdir(), 'tenantgate-regression-source')
  await mkdir(root, { recursive: true })
  const known = (await readdir(root)).find((name) => existsSync(join(root, name, 'complete')))
  if (known !== undefined) return { folder: join(root, known), version: known }
  try {
    return await fetchSource(root)
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}

async function fetchSource(root: string): Promise<Source> {
  const work = await mkdtemp(join(root, 'fetch-'))
  try {
    const env = { APT_CONFIG: await aptConfiguration(work) }
    await succeed('apt-get', ['update', '-q'], { env, cwd: work })
    for (const version of await versions(env)) {
      const fetched = await run('apt-get', ['source', '-q', '--download-only', `${PACKAGE}=${version}`], {
        env,
        cwd: work,
        limitMs: 300_000,
      })
      if (fetched.code === 0) return await unpack({ root, work, version })
    }
    throw new Error(`no version of the source of ${PACKAGE} can be fetched`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The machine's own entries, asked for sources; all that apt writes goes below `work`. */
async function aptConfiguration(work: string): Promise<string> {
  const parts = join(work, 'sources.list.d')
  for (const folder of [parts, join(work, 'lists/partial'), join(work, 'cache/archives/partial')])
    await mkdir(folder, { recursive: true })
  const lists = ['/etc/apt/sources.list']
  const folder = '/etc/apt/sources.list.d'
  if (existsSync(folder)) lists.push(...(await readdir(folder)).map((name) => join(folder, name)))
  for (const [index, path] of lists.entries()) {
    if (!existsSync(path) || !/\.(list|sources)$/.test(path)) continue
    const text = await readFile(path, 'utf8')
    if (!text.includes('debian')) continue
    const extension = path.endsWith('.sources') ? 'sources' : 'list'
    await writeFile(join(parts, `${index}.${extension}`), asSources(text))
  }
  const configuration = join(work, 'apt.conf')
  await writeFile(
    configuration,
    [
      `Dir::Etc::sourcelist "${join(work, 'none.list')}";`,
      `Dir::Etc::sourceparts "${parts}";`,
      `Dir::State::Lists "${join(work, 'lists')}";`,
      `Dir::Cache "${join(work, 'cache')}";`,
      'APT::Sandbox::User "root";',
    ].join('\n'),
  )
  await writeFile(join(work, 'none.list'), '')
  return configuration
}

function asSources(text: string): string {
  return text.replaceAll(/^Types: *deb *$/gm, 'Types: deb-src').replaceAll(/^deb(?= )/gm, 'deb-src')
}

/** The version that is installed comes first, then whatever the archive has, the newest first. */
async function versions(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const offered = [
    ...(await succeed('apt-cache', ['showsrc', PACKAGE], { env })).matchAll(/^Version: (\S+)$/gm),
  ]
    .flatMap(([, version]) => version ?? [])
    .reverse()
  const { stdout } = await run('apt-cache', ['policy', PACKAGE])
  const installed = /^ *Installed: (\S+)$/m.exec(stdout)?.[1] ?? ''
  return [...new Set([installed, ...offered])].filter((version) => offered.includes(version))
}

async function unpack(at: {
  readonly root: string
  readonly work: string
  readonly version: string
}): Promise<Source> {
  const archive = (await readdir(at.work)).find((name) => name.includes('.orig.tar'))
  if (archive === undefined) throw new Error(`the source of ${PACKAGE} has no archive`)
  const tree = join(at.work, 'tree')
  await mkdir(tree)
  const wanted = ['sql', 'data', 'parallel_schedule'].map((name) => `*/${REGRESS}/${name}`)
  await succeed(
    'tar',
    ['-xf', join(at.work, archive), '-C', tree, '--strip-components=1', '--wildcards', ...wanted],
    {},
  )
  const unpacked = join(tree, REGRESS)
  await writeFile(join(unpacked, 'complete'), '')
  const folder = join(at.root, at.version)
  // another run may have been faster
  await rename(unpacked, folder).catch((error: unknown) => {
    if (!existsSync(join(folder, 'complete'))) throw error
  })
  return { folder, version: at.version }
}

async function succeed(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { ...options, limitMs: 300_000 })
  if (code !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  return stdout
}
