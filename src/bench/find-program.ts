import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian keeps what isn't for everybody's PATH. */
const OTHER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']
const POSTGRESQL = '/usr/lib/postgresql'

/** The path of a program on `searchPath` (in the form of PATH) or where packages put it; undefined where it isn't installed. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), ...OTHER_FOLDERS]
  return [...folders, ...postgresqlFolders()].map((folder) => join(folder, name)).find(isExecutable)
}

function postgresqlFolders(): readonly string[] {
  try {
    const majors = readdirSync(POSTGRESQL).sort((a, b) => Number(b) - Number(a))
    return majors.map((major) => join(POSTGRESQL, major, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
