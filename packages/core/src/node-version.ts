/*
 * Old versions of Node lack functions that Limn imports, and fail while they link its modules. This
 * file imports nothing, so that every version can load it and report the cause instead.
 */

/** Oldest version of Node that Limn runs on, as in `engines` of package.json. */
export const MINIMUM_NODE = '22.22'

/**
 * Returns the sentence that says which version of Node is required, if a version is too old.
 *
 * @param version as in `process.versions.node`
 */
export function describeOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = MINIMUM_NODE.split('.').map(Number)
  const isOld = major < minimumMajor || (major === minimumMajor && minor < minimumMinor)
  return isOld ? `Limn requires Node ${MINIMUM_NODE} or later; this is Node ${version}.` : undefined
}
