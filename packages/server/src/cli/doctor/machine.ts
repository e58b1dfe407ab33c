/** What this machine gives the server: Node, files, ports, room on the disk. */
import { constants } from 'node:fs'
import { access, readFile, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.ts'
import { error, type Finding, warning } from './finding.ts'

const nodeMin: readonly [number, number] = [24, 16]
/** Files that a node has open beside its connections. */
const filesBeside = 200
const freeBytesMin = 1_073_741_824
/** Of statfs(2): NFS, SMB, CIFS, SMB2, FUSE, 9p. */
const NETWORKS: ReadonlySet<number> = new Set([
  ...[0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997],
])

export async function machineFindings(config: Config, connections: number): Promise<Finding[]> {
  const found = await Promise.all([
    limitFindings(connections),
    config.store.kind === 'sqlite' ? folderFindings(config.dataDir) : [],
    portFindings(config),
    envFileFindings(),
  ])
  return [...nodeFindings(process.versions.node), ...found.flat()]
}

export function nodeFindings(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return []
  const text = `This is Node ${version}, and ${nodeMin.join('.')} is needed.`
  return [
    error('node-version', text, 'Run it with npm, which fetches one, or install a later Node.'),
  ]
}

/** Each connection is a file. Node takes as many as it is allowed. */
async function limitFindings(connections: number): Promise<Finding[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, , hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(limits) ?? []
  const max = Number(hard)
  if (!Number.isFinite(max) || max >= connections + filesBeside) return []
  const text = `This user may open ${max} files, and ${connections} connections need ${connections + filesBeside}.`
  const remedy =
    'Raise it: LimitNOFILE= in systemd, ulimits in Compose, or ulimit -n; or say --connections.'
  return [error('file-limit', text, remedy)]
}

async function folderFindings(dataDir: string): Promise<Finding[]> {
  const folder = await nearest(dataDir)
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable) {
    const text = `DATA_DIR (${dataDir}) cannot be written to by this user.`
    return [error('data-dir', text, 'Change its owner, or name another folder.')]
  }
  const { type, bavail, bsize } = await statfs(folder)
  const found: Finding[] = []
  if (NETWORKS.has(type >>> 0)) {
    const text = `DATA_DIR (${dataDir}) is on a network: SQLite's locks do not hold there, and the database breaks.`
    found.push(
      error('data-dir-network', text, 'Use a disk of this machine, or PostgreSQL (DATABASE_URL).'),
    )
  }
  if (bavail * bsize < freeBytesMin) {
    const text = `The disk of DATA_DIR has ${Math.floor((bavail * bsize) / 1_048_576)} MB left.`
    found.push(warning('disk-full', text, 'Make room: a full disk refuses every message.'))
  }
  return found
}

/** The folder, or the next one above that is there. */
async function nearest(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isThere || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

async function portFindings({ host, port, internal }: Config): Promise<Finding[]> {
  const found: Finding[] = []
  const problem = await listenProblem(host, port)
  if (problem === 'EADDRINUSE' && !(await isMadang(port))) {
    const text = `PORT ${port} is taken by something that is no Madang.`
    found.push(error('port-taken', text, 'Stop it, or set PORT to another.'))
  } else if (problem === 'EACCES') {
    const text = `PORT ${port} may not be listened at by this user.`
    found.push(error('port-forbidden', text, 'Use a port from 1024 on, behind a proxy.'))
  } else if (problem !== undefined && problem !== 'EADDRINUSE') {
    const text = `HOST ${host} is no address of this machine (${problem}).`
    found.push(error('host-wrong', text, 'Use 0.0.0.0, or an address that this machine has.'))
  }
  const inner = internal.host === 'auto' ? undefined : await listenProblem(internal.host, 0)
  if (inner !== undefined) {
    const text = `INTERNAL_HOST ${internal.host} is no address of this machine (${inner}).`
    found.push(
      error('internal-host-wrong', text, 'Use an address that this machine has, or "auto".'),
    )
  }
  return found
}

function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (failure) => {
      resolve('code' in failure ? String(failure.code) : 'unknown')
    })
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

async function isMadang(port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000)
  const answer = await fetch(`http://127.0.0.1:${port}/health/liveness`, { signal }).catch(
    () => null,
  )
  const text = await answer?.text().catch(() => '')
  return text?.trim() === '{"status":"alive"}'
}

/** `.env` holds secrets. */
async function envFileFindings(): Promise<Finding[]> {
  const file = join(process.cwd(), '.env')
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || process.platform === 'win32' || (found.mode & 0o004) === 0) return []
  const text = `${file} can be read by every user of this machine, and holds secrets.`
  return [warning('env-file-open', text, `chmod 600 ${file}`)]
}
