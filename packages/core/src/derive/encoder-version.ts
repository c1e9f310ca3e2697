import sharp from 'sharp'

/** Returns the encoder version for the head of the lockfile: `sharp 0.35.5, libvips 8.18.7`. */
export function encoderVersion(): string {
  return `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`
}
