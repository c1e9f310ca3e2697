/** Whether a path is absolute or leads out of the folder that it is relative to. */
export function leavesRoot(path: string): boolean {
  return (
    path === '' ||
    path.startsWith('/') ||
    /^[a-z]:/i.test(path) ||
    path.split('/').includes('..') ||
    path.includes('\0')
  )
}
