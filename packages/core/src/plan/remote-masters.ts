import type { FileFact } from '../cache/file-digests.ts'
import type { PlanOptions } from './plan.ts'

/**
 * With `masters: remote`, adds the masters that only the lockfile names to the inventory, as files
 * that are still to be downloaded: they exist, and are not paid for again.
 */
export function withRemoteMasters(options: PlanOptions): PlanOptions {
  const { manifest, lock, inventory } = options
  if (manifest.masters === 'git') return options
  const masters = new Map<string, FileFact>(inventory.masters)
  for (const { name } of manifest.assets) {
    const entry = lock.assets.get(name)
    if (entry === undefined || entry.request.operation === 'source') continue
    const { path, bytes, sha256 } = entry.master
    if (!masters.has(path)) masters.set(path, { bytes, sha256, pointer: 'remote' })
  }
  return { ...options, inventory: { ...inventory, masters } }
}
