import type { ComponentType, JSX } from 'preact'
import type { Context, Place } from '../contexts.ts'
import { BrowserTab, HomeScreen } from './icon-places.tsx'
import type { PlaceProps } from './place-props.ts'
import {
  BannerPlace,
  FeedPost,
  LinkCard,
  ProfilePlace,
  VideoPlace,
  WidePost,
} from './post-places.tsx'
import { AdPlace, ArticlePlace, MailPlace, PrintPlace, ProductPlace } from './site-places.tsx'
import { StoryPlace } from './story-place.tsx'

const drawings: Record<Context, ComponentType<PlaceProps>> = {
  'feed-post': FeedPost,
  'link-card': LinkCard,
  story: StoryPlace,
  'wide-post': WidePost,
  video: VideoPlace,
  'browser-tab': BrowserTab,
  'home-screen': HomeScreen,
  'product-card': ProductPlace,
  article: ArticlePlace,
  profile: ProfilePlace,
  banner: BannerPlace,
  mail: MailPlace,
  ad: AdPlace,
  print: PrintPlace,
}

/** Draws an output where it is seen. */
export function PlaceDrawing({
  place,
  ...rest
}: { place: Place } & Omit<PlaceProps, 'platform'>): JSX.Element {
  const Drawing = drawings[place.context]
  return <Drawing platform={place.platform} {...rest} />
}
