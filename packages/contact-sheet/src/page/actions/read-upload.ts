/** Largest file that the page sends, bytes. The server has a limit of its own. */
export const LARGEST_UPLOAD = 32 * 1024 * 1024

/** Returns the bytes of a file as base64. */
export async function readBase64(file: Blob): Promise<string> {
  const reader = new FileReader()
  const url = await new Promise<string>((resolve, reject) => {
    reader.addEventListener('load', () => resolve(reader.result as string))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('Unreadable file.')))
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

/** Returns the size of a picture; `null` if the browser cannot show it. */
export async function measurePicture(
  url: string,
): Promise<{ width: number; height: number } | null> {
  const image = new Image()
  image.src = url
  return image.decode().then(
    () => ({ width: image.naturalWidth, height: image.naturalHeight }),
    () => null,
  )
}
