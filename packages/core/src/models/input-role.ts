/** What an input picture is for. A mask and markup belong to the first picture. */
export type InputRole = 'image' | 'mask' | 'markup' | 'reference'

/** Whether an input is a picture of its own. */
export function isOwnPicture({ role }: { role: InputRole }): boolean {
  return role === 'image' || role === 'reference'
}
