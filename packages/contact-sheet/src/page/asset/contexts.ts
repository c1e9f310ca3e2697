import type { SheetOutput } from '../../protocol.ts'

/** Where a picture is seen, as the page draws it. */
export type Context =
  | 'feed-post'
  | 'link-card'
  | 'story'
  | 'wide-post'
  | 'video'
  | 'browser-tab'
  | 'home-screen'
  | 'product-card'
  | 'article'
  | 'profile'
  | 'banner'
  | 'mail'
  | 'ad'
  | 'print'

/** What a context needs to know of the place. */
export type Place = {
  context: Context
  /** Key of the platform's name in the texts; `null` for a place of the site itself. */
  platform: Platform | null
}

export type Platform =
  | 'instagram'
  | 'facebook'
  | 'x'
  | 'linkedin'
  | 'youtube'
  | 'tiktok'
  | 'threads'
  | 'bluesky'
  | 'mastodon'
  | 'reddit'
  | 'pinterest'
  | 'wechat'
  | 'weibo'
  | 'xiaohongshu'
  | 'douyin'
  | 'bilibili'
  | 'android'
  | 'ios'
  | 'web'

/** Preset names by a pattern, the more specific first. */
const rules: readonly [RegExp, readonly Place[]][] = [
  [/^instagram_(?:story|reel)/, [{ context: 'story', platform: 'instagram' }]],
  [/^instagram_/, [{ context: 'feed-post', platform: 'instagram' }]],
  [/^threads_/, [{ context: 'feed-post', platform: 'threads' }]],
  [/^facebook_story/, [{ context: 'story', platform: 'facebook' }]],
  [/^facebook_(?:cover|event)/, [{ context: 'banner', platform: 'facebook' }]],
  [/^facebook_/, [{ context: 'link-card', platform: 'facebook' }]],
  [/^(?:twitter|x)_header/, [{ context: 'banner', platform: 'x' }]],
  [/^(?:twitter|x)_card/, [{ context: 'link-card', platform: 'x' }]],
  [/^(?:twitter|x)_/, [{ context: 'wide-post', platform: 'x' }]],
  [/^linkedin_(?:cover|banner)/, [{ context: 'banner', platform: 'linkedin' }]],
  [/^linkedin_/, [{ context: 'link-card', platform: 'linkedin' }]],
  [/^bluesky_/, [{ context: 'wide-post', platform: 'bluesky' }]],
  [/^mastodon_/, [{ context: 'wide-post', platform: 'mastodon' }]],
  [/^reddit_/, [{ context: 'wide-post', platform: 'reddit' }]],
  [/^weibo_/, [{ context: 'wide-post', platform: 'weibo' }]],
  [/^pinterest_/, [{ context: 'feed-post', platform: 'pinterest' }]],
  [/^xiaohongshu_/, [{ context: 'feed-post', platform: 'xiaohongshu' }]],
  [/^tiktok_/, [{ context: 'story', platform: 'tiktok' }]],
  [/^douyin_/, [{ context: 'story', platform: 'douyin' }]],
  [/^wechat_/, [{ context: 'link-card', platform: 'wechat' }]],
  [/^youtube_banner/, [{ context: 'banner', platform: 'youtube' }]],
  [/^youtube_/, [{ context: 'video', platform: 'youtube' }]],
  [/^bilibili_/, [{ context: 'video', platform: 'bilibili' }]],
  [
    /^(?:og|open_?graph)(?:_|$)/,
    (['x', 'facebook', 'linkedin'] as const).map((platform) => ({
      context: 'link-card',
      platform,
    })),
  ],
  [/^favicon/, [{ context: 'browser-tab', platform: 'web' }]],
  [/^(?:apple_touch_icon|app_store_icon)/, [{ context: 'home-screen', platform: 'ios' }]],
  [/^(?:pwa_(?:icon|maskable)|play_icon)/, [{ context: 'home-screen', platform: 'android' }]],
  [/^(?:product|card$)/, [{ context: 'product-card', platform: null }]],
  [/^(?:avatar|profile)/, [{ context: 'profile', platform: null }]],
  [/^(?:hero|blog_cover|article)/, [{ context: 'article', platform: null }]],
  [/^email/, [{ context: 'mail', platform: null }]],
  [/^ad_/, [{ context: 'ad', platform: null }]],
  [/^print_/, [{ context: 'print', platform: null }]],
]

/** The rules by shape, for presets of the user's own. */
function placeOfShape({ width, height }: Pick<SheetOutput, 'width' | 'height'>): Place[] {
  const ratio = width / height
  if (width <= 64 && height <= 64) return [{ context: 'browser-tab', platform: 'web' }]
  if (ratio < 0.65) return [{ context: 'story', platform: null }]
  if (ratio >= 3) return [{ context: 'banner', platform: null }]
  if (ratio >= 1.6) return [{ context: 'article', platform: null }]
  return [{ context: 'product-card', platform: null }]
}

/** Returns where an output is seen, judged by its preset, else by its shape. */
export function placesOf(output: Pick<SheetOutput, 'preset' | 'width' | 'height'>): Place[] {
  const rule = rules.find(([pattern]) => pattern.test(output.preset))
  return rule === undefined ? placeOfShape(output) : [...rule[1]]
}

/** One preset of an asset, with the file that shows it best. */
export type Shown = { preset: string; best: SheetOutput; files: SheetOutput[] }

/** Formats that browsers show, the best to look at first. */
const shownFirst = ['png', 'webp', 'avif', 'jpeg', 'jpg', 'svg', 'gif', 'ico']

/** Groups outputs by preset: the widest file of a format that every browser shows stands for it. */
export function groupByPreset(outputs: readonly SheetOutput[]): Shown[] {
  const byPreset = new Map<string, SheetOutput[]>()
  for (const output of outputs) {
    byPreset.set(output.preset, [...(byPreset.get(output.preset) ?? []), output])
  }
  return [...byPreset].map(([preset, files]) => {
    const rank = (output: SheetOutput): number => {
      const index = shownFirst.indexOf(output.format)
      return index === -1 ? shownFirst.length : index
    }
    const [best] = files.toSorted(
      (a, b) =>
        Number(b.bytes !== null) - Number(a.bytes !== null) ||
        b.width - a.width ||
        rank(a) - rank(b),
    )
    return { preset, best: best!, files }
  })
}
