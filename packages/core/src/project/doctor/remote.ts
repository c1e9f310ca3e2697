import { LimnError } from '../../errors.ts'
import type { KeyAccess } from '../../providers/key-access.ts'
import { openStore } from '../../remote/open-store.ts'
import type { NamedRemote } from '../../remote/open-store.ts'
import { probeKey } from '../../remote/probe.ts'
import type { RemoteStore } from '../../remote/remote-store.ts'
import { fail, type Finding, ok, unknown, warn } from './finding.ts'

type RemoteExam = { remote: NamedRemote; access: KeyAccess; root: string; signal: AbortSignal }

/**
 * Checks the remote store: whether it can be read and written, and whether it keeps one of two
 * claims. Writes an object and deletes it again. Runs go on without a store that fails, unless it
 * is required.
 */
export async function examineRemote({
  remote,
  access,
  root,
  signal,
}: RemoteExam): Promise<Finding[]> {
  const failed = remote.settings.required ? fail : warn
  let store: RemoteStore
  try {
    store = await openStore(remote, { access, root })
  } catch (error) {
    return [fromError('address', error, fail)]
  }
  const key = probeKey()
  try {
    if ((await store.get(key, { maxBytes: MAX_BYTES, signal })) !== undefined) {
      return [
        failed(
          'read',
          'the server answers with an object where there is none',
          'Make it answer with status 404 for an object that is missing.',
        ),
      ]
    }
  } catch (error) {
    return [fromError('read', error, failed)]
  }
  return [ok('read', `${store.name} can be read`), ...(await examineWrites(store, { key, signal }))]
}

const MAX_BYTES = 4096

async function examineWrites(
  store: RemoteStore,
  { key, signal }: { key: string; signal: AbortSignal },
): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    await store.putIfAbsent(key, Buffer.from('first'), { signal })
    findings.push(ok('write', 'pictures can be uploaded'))
    const isReplaced = await store.putIfAbsent(key, Buffer.from('second'), { signal })
    const kept = await store.get(key, { maxBytes: MAX_BYTES, signal })
    const isKept = kept !== undefined && Buffer.from(kept).toString() === 'first'
    findings.push(
      !isReplaced && isKept
        ? ok('claims', 'of two machines that claim a request, one gets it')
        : warn(
            'claims',
            'the server ignores If-None-Match: two machines that request the same picture within the same moment may both pay',
            'Use a service that supports conditional puts, or generate on one machine at a time.',
          ),
    )
  } catch (error) {
    findings.push(fromError('write', error, warn))
    if (findings.length === 1) return findings
  }
  try {
    await store.delete(key, { signal })
  } catch (error) {
    const says = "objects can't be deleted, which only `limn cache gc` and `verify --delete` need"
    if (!(error instanceof LimnError) || error.code !== 'remote/denied') throw error
    findings.push(unknown('delete', says))
  }
  return findings
}

/** @throws the error itself unless it is about the environment */
function fromError(
  name: string,
  error: unknown,
  create: (name: string, says: string, hint?: string) => Finding,
): Finding {
  if (!(error instanceof LimnError)) throw error
  return create(name, error.message.replace(/\.$/, ''), error.hint)
}
