/** File formats that outputs can have. */
export const formats = ['avif', 'webp', 'jpeg', 'png'] as const
export type Format = (typeof formats)[number]

/** How a master fills an output's box. `cover` crops, `contain` pads, `inside` only shrinks. */
export const fits = ['cover', 'contain', 'inside'] as const
export type Fit = (typeof fits)[number]

/** What a crop keeps. `attention` looks for the part that draws the eye. */
export const positions = ['attention', 'entropy', 'centre', 'top', 'right', 'bottom', 'left'] as const
export type Position = (typeof positions)[number]

/** A preset as it is written: sizes in px, quality 1 to 100. */
export type Preset = {
  width?: number | undefined
  height?: number | undefined
  widths?: number[] | undefined
  formats?: Format[] | undefined
  quality?: number | undefined
  fit?: Fit | undefined
  position?: Position | undefined
  background?: string | undefined
}

const web: Format[] = ['avif', 'webp', 'jpeg']

/** Presets that every manifest can name. */
export const builtInPresets: Readonly<Record<string, Preset>> = {
  instagram_post: { width: 1080, height: 1080, formats: ['jpeg'] },
  instagram_story: { width: 1080, height: 1920, formats: ['jpeg'] },
  facebook_post: { width: 1200, height: 630, formats: ['jpeg'] },
  twitter_post: { width: 1200, height: 675, formats: ['jpeg'] },
  linkedin_post: { width: 1200, height: 627, formats: ['jpeg'] },
  og: { width: 1200, height: 630, formats: ['jpeg'] },
  hero: { width: 1920, height: 1080, widths: [640, 960, 1280, 1920], formats: web },
  card: { width: 800, height: 600, widths: [400, 800], formats: web },
  avatar: { width: 512, height: 512, widths: [64, 128, 256, 512], formats: ['avif', 'webp', 'png'] },
}

/** The output of an asset that names none: the whole picture, for the web. */
export const wholePicture: Preset = { formats: ['webp', 'png'] }
export const wholePictureName = 'full'

/** Encoder quality where nothing is said, 1 to 100: about equal to the eye. */
export const defaultQuality: Readonly<Record<Exclude<Format, 'png'>, number>> = { avif: 55, webp: 80, jpeg: 82 }

/** A format's file ending, without the dot. */
export const extensionByFormat: Readonly<Record<Format, string>> = { avif: 'avif', webp: 'webp', jpeg: 'jpg', png: 'png' }
