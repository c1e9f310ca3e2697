import type { FinishFile } from './finish.ts'
import type { OverlayFile } from './overlay.ts'
import type { EachFile } from './scalar.ts'

/** File formats that outputs can have. */
export const formats = ['avif', 'webp', 'jpeg', 'png', 'gif', 'svg', 'ico'] as const
export type Format = (typeof formats)[number]

/** How a picture fills an output's box: `cover` crops, `contain` pads, `inside` only shrinks. */
export const fits = ['cover', 'contain', 'inside'] as const
export type Fit = (typeof fits)[number]

/**
 * The part that a crop keeps. `attention` finds the part that attracts attention, skin tones first;
 * `face` is a synonym.
 */
export const positions = [
  'attention',
  'face',
  'entropy',
  'centre',
  'top',
  'right',
  'bottom',
  'left',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
] as const
export type NamedPosition = (typeof positions)[number]

/** A point of a picture, as shares of its width and height from the left and the top, 0 to 1. */
export type FocalPoint = { x: number; y: number }

/** The part that a crop keeps: a named one, or the one around a point. */
export type Position = NamedPosition | FocalPoint

/** Formats a position: `top-left`, or `30% 40%`. */
export function formatPosition(position: Position): string {
  if (typeof position === 'string') return position
  const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`
  return `${percent(position.x)} ${percent(position.y)}`
}

/** Height of an output that has the shape of its master, px: its width alone bounds it. */
export const UNBOUNDED = 16_384

/** Returns whether an output has the shape of its master, and is only scaled down. */
export function hasMasterShape({ fit, height }: { fit: Fit; height: number }): boolean {
  return fit === 'inside' && height === UNBOUNDED
}

/** A preset as people write it: sizes in px, quality 1 to 100. */
export type Preset = FinishFile & {
  width?: number | undefined
  height?: number | undefined
  widths?: number[] | undefined
  formats?: Format[] | undefined
  quality?: number | undefined
  fit?: Fit | undefined
  position?: Position | undefined
  background?: string | undefined
  /** Largest file, bytes: the encoder lowers its quality until the file fits. */
  maxBytes?: number | undefined
  /** Dots per inch, written into the file for print. */
  dpi?: number | undefined
  /** Share of each edge that stays empty, 0 to 0.45. */
  padding?: number | undefined
  /** A text over the picture. */
  overlay?: OverlayFile | string | undefined
  /** Values for each of which there is a file. */
  each?: EachFile | undefined
}

/** A platform's preset, as of `presetsAsOf`. */
type BuiltInPreset = Preset & {
  /** The middle part that every client shows, px. */
  safe?: { width: number; height: number }
  note?: string
}

/** Month in which the table below was last compared with the platforms' recommendations. */
export const presetsAsOf = '2026-11'
/** Source of the sizes in the table below. */
export const presetsSource = "the platforms' help pages and developer guides"

const MB = 1_000_000
const KB = 1000
const web: Format[] = ['avif', 'webp', 'jpeg']

/** Creates a preset for one place: one size, JPEG, the platform's upload limit in bytes. */
function post(
  width: number,
  height: number,
  maxBytes?: number,
  rest: Partial<BuiltInPreset> = {},
): BuiltInPreset {
  return {
    width,
    height,
    formats: ['jpeg'],
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...rest,
  }
}

function png(width: number, height: number, rest: Partial<BuiltInPreset> = {}): BuiltInPreset {
  return { width, height, formats: ['png'], ...rest }
}

/**
 * Presets that every manifest can name, with the platform's name first. Sizes are the platforms'
 * recommendations; of two common sizes the larger.
 */
export const builtInPresets: Readonly<Record<string, BuiltInPreset>> = {
  instagram_post: post(1080, 1080, 8 * MB),
  instagram_portrait: post(1080, 1350, 8 * MB, { note: '4:5' }),
  instagram_landscape: post(1080, 566, 8 * MB, { note: '1.91:1' }),
  instagram_story: post(1080, 1920, 8 * MB, { safe: { width: 1080, height: 1420 } }),
  instagram_reel_cover: post(1080, 1920, 8 * MB, {
    safe: { width: 1080, height: 1080 },
    note: "the grid's crop",
  }),
  facebook_post: post(1200, 630, 8 * MB),
  facebook_cover: post(1640, 624, undefined, { safe: { width: 1640, height: 576 } }),
  facebook_story: post(1080, 1920),
  facebook_event: post(1920, 1005),
  twitter_post: post(1200, 675, 5 * MB),
  twitter_card: post(1200, 628, 5 * MB),
  twitter_header: post(1500, 500, 5 * MB),
  linkedin_post: post(1200, 627, 5 * MB),
  linkedin_cover: post(1128, 191, undefined, { note: 'company page' }),
  linkedin_banner: post(1584, 396, 8 * MB, { note: 'personal profile' }),
  youtube_thumbnail: post(1280, 720, 2 * MB),
  youtube_banner: post(2560, 1440, 6 * MB, { safe: { width: 1546, height: 423 } }),
  pinterest_pin: post(1000, 1500, 20 * MB, { note: '2:3' }),
  tiktok_cover: post(1080, 1920),
  threads_post: post(1080, 1350, 8 * MB),
  bluesky_post: post(1200, 675, 1 * MB),
  mastodon_post: post(1200, 675, 16 * MB),
  discord_banner: png(960, 540, { maxBytes: 10 * MB }),
  twitch_offline: png(1920, 1080, { maxBytes: 10 * MB }),
  reddit_post: post(1200, 900, 20 * MB),
  wechat_cover: post(900, 383, 10 * MB, { note: '公众号首图 2.35:1' }),
  wechat_square: post(500, 500, undefined, { note: '公众号次图' }),
  xiaohongshu_post: post(1080, 1440, 20 * MB, { note: '3:4' }),
  weibo_post: post(1080, 1080, 20 * MB),
  douyin_cover: post(1080, 1920),
  bilibili_cover: post(1920, 1080, 5 * MB, { note: 'at least 1146x717' }),
  og: post(1200, 630, 300 * KB, { note: 'Open Graph; some clients stop at 300 KB' }),
  og_square: post(600, 600),
  favicon: {
    width: 48,
    height: 48,
    widths: [16, 32, 48],
    formats: ['ico', 'png'],
    note: 'one .ico contains all three sizes',
  },
  apple_touch_icon: png(180, 180, { background: '#ffffff', note: 'opaque' }),
  pwa_icon: { width: 512, height: 512, widths: [192, 512], formats: ['png'] },
  pwa_maskable: png(512, 512, {
    padding: 0.1,
    background: '#ffffff',
    note: 'subject inside the middle 80 %',
  }),
  app_store_icon: png(1024, 1024, { background: '#ffffff', note: 'no alpha' }),
  app_store_screenshot: png(1320, 2868, { note: '6.9-inch' }),
  play_icon: png(512, 512, { maxBytes: 1 * MB }),
  play_feature: post(1024, 500, 15 * MB, {
    formats: ['png', 'jpeg'],
    background: '#ffffff',
    note: 'no alpha',
  }),
  hero: { width: 1920, height: 1080, widths: [640, 960, 1280, 1920], formats: web },
  blog_cover: { width: 1600, height: 900, widths: [480, 800, 1200, 1600], formats: web },
  card: { width: 800, height: 600, widths: [400, 800], formats: web },
  avatar: {
    width: 512,
    height: 512,
    widths: [64, 128, 256, 512],
    formats: ['avif', 'webp', 'png'],
  },
  thumbnail: { width: 320, height: 180, formats: web },
  email_header: post(1200, 400, 200 * KB),
  slide_16x9: post(1920, 1080),
  product_square: post(2000, 2000, 10 * MB, { note: 'marketplace, white background' }),
  ui_mockup: png(1080, 1920, { note: 'phone screen' }),
  tutorial: png(1200, 675, { note: 'step diagrams' }),
  ad_medium_rectangle: post(300, 250, 150 * KB),
  ad_half_page: post(300, 600, 150 * KB),
  ad_leaderboard: post(728, 90, 150 * KB),
  ad_billboard: post(970, 250, 150 * KB),
  ad_skyscraper: post(160, 600, 150 * KB),
  ad_mobile_banner: post(320, 50, 50 * KB),
  print_a4_300dpi: png(2480, 3508, { dpi: 300 }),
  print_card_85x55: png(1063, 709, { dpi: 300, note: '85 x 55 mm plus bleed' }),
}

/** The presets for a site's own pages. All others are for other sites, apps, icons, mail and print. */
const pagePresets = [
  'hero',
  'blog_cover',
  'card',
  'avatar',
  'thumbnail',
  'product_square',
  'ui_mockup',
  'tutorial',
]
/** Words in the name of an output that a page does not show. */
const notForPages =
  /(?:^|[^\p{L}])(?:og|opengraph|open_?graph|twitter|social|share|fav-?icons?|icons?|ico|pwa|apple-?touch)(?:$|[^\p{L}])/iu

/**
 * Returns whether an output is for a site's own pages, judged by the built-in preset that it starts
 * from, else by its name.
 */
export function isForPages(name: string | undefined, preset: string | undefined): boolean {
  const known = [preset, name].find(
    (each) =>
      each !== undefined &&
      (Object.hasOwn(builtInPresets, each) || Object.hasOwn(presetAliases, each)),
  )
  if (known !== undefined) return pagePresets.includes(known)
  return !notForPages.test(name ?? '') && !notForPages.test(preset ?? '')
}

/** Other names of the same presets. */
export const presetAliases: Readonly<Record<string, string>> = {
  x_post: 'twitter_post',
  x_card: 'twitter_card',
  x_header: 'twitter_header',
}

/** Several presets under one name. */
export const presetGroups: Readonly<Record<string, readonly string[]>> = {
  social: ['instagram_post', 'instagram_story', 'facebook_post', 'twitter_post', 'linkedin_post'],
  favicons: ['favicon', 'apple_touch_icon', 'pwa_icon', 'pwa_maskable'],
  ads: [
    'ad_medium_rectangle',
    'ad_half_page',
    'ad_leaderboard',
    'ad_billboard',
    'ad_skyscraper',
    'ad_mobile_banner',
  ],
  china_social: [
    'wechat_cover',
    'xiaohongshu_post',
    'weibo_post',
    'douyin_cover',
    'bilibili_cover',
  ],
}

/** Names that `outputs` can have without a definition. */
export const builtInPresetNames: readonly string[] = [
  ...Object.keys(builtInPresets),
  ...Object.keys(presetAliases),
  ...Object.keys(presetGroups),
]

/** Finds a preset by name. The user's own overrides the keys of a built-in one of the same name. */
export function findPreset(
  name: string,
  own: Readonly<Record<string, Preset>>,
): Preset | undefined {
  const known = Object.hasOwn(presetAliases, name) ? presetAliases[name]! : name
  const builtIn: Preset | undefined = Object.hasOwn(builtInPresets, known)
    ? builtInPresets[known]
    : undefined
  if (!Object.hasOwn(own, name)) return builtIn
  const written = Object.fromEntries(
    Object.entries(own[name]!).filter(([, value]) => value !== undefined),
  )
  return keepShape({ ...builtIn, ...written }, builtIn ?? {})
}

/** Returns the presets of a name in `outputs`: itself, or those of a group. */
export function presetsOfName(
  name: string,
  own: Readonly<Record<string, Preset>>,
): readonly string[] {
  return !Object.hasOwn(own, name) && Object.hasOwn(presetGroups, name)
    ? presetGroups[name]!
    : [name]
}

/** Keeps the shape of a preset of which only the width was changed. */
export function keepShape(rule: Preset, base: Preset): Preset {
  if (rule.height === undefined || rule.height !== base.height || base.width === undefined) {
    return rule
  }
  if (rule.width === undefined || rule.width === base.width) return rule
  return { ...rule, height: Math.round((base.height * rule.width) / base.width) }
}

/** The output of an asset without outputs: the whole picture, for the web. */
export const wholePicture: Preset = { formats: ['webp', 'png'] }
/** Name of the preset `wholePicture`. */
export const wholePictureName = 'full'

/** Default encoder quality by format, 1 to 100: about equal to the eye. */
export const defaultQuality: Readonly<Record<'avif' | 'webp' | 'jpeg', number>> = {
  avif: 55,
  webp: 80,
  jpeg: 82,
}

/** File extension by format, without the dot. */
export const extensionByFormat: Readonly<Record<Format, string>> = {
  avif: 'avif',
  webp: 'webp',
  jpeg: 'jpg',
  png: 'png',
  gif: 'gif',
  svg: 'svg',
  ico: 'ico',
}

/** Extensions that a master can have, without the dot: its bytes decide. */
export const masterExtensions = ['png', 'webp', 'jpg', 'avif', 'gif', 'tiff', 'svg'] as const
