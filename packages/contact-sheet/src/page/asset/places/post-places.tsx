import type { JSX } from 'preact'
import { useText } from '../../store/store.ts'
import { OutputPicture } from '../output-picture.tsx'
import { SafeArea } from '../safe-area.tsx'
import { PlaceIcon } from './icons.tsx'
import { Lines, PostActions, PostHead } from './parts.tsx'
import type { PlaceProps } from './place-props.ts'

/** A post in a feed of pictures: the picture fills the width. */
export function FeedPost({ view, output, showsSafeArea }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-feed">
      <PostHead />
      <div class="place-picture">
        <OutputPicture view={view} output={output} />
        {showsSafeArea && <SafeArea output={output} />}
      </div>
      <PostActions isFeed />
      <p class="post-caption">
        <b>{sample.account}</b> {sample.caption}
      </p>
    </div>
  )
}

/** A post of text with a picture below. */
export function WidePost({ view, output, platform, showsSafeArea }: PlaceProps): JSX.Element {
  return (
    <div class={`place-card place-wide place-${platform}`}>
      <PostHead />
      <Lines widths={[92, 64]} />
      <div class="place-picture place-rounded">
        <OutputPicture view={view} output={output} />
        {showsSafeArea && <SafeArea output={output} />}
      </div>
      <PostActions />
    </div>
  )
}

/** A link as a post shows it: with the words on the picture, below it, or beside it. */
export function LinkCard({ view, output, platform, showsSafeArea }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  const isSmall = output.width / output.height < 1.2
  return (
    <div class={`place-card place-link place-${platform}`}>
      <PostHead />
      <Lines widths={[86]} />
      <div class={isSmall ? 'link-card link-small' : 'link-card'}>
        <div class="place-picture">
          <OutputPicture view={view} output={output} />
          {showsSafeArea && <SafeArea output={output} />}
          {platform === 'x' && !isSmall && <span class="link-overlay">{sample.title}</span>}
        </div>
        {(platform !== 'x' || isSmall) && (
          <div class="link-words">
            <span class="link-site">{sample.site}</span>
            <b>{sample.title}</b>
            {platform === 'facebook' && <span class="link-text">{sample.text}</span>}
          </div>
        )}
      </div>
      {platform === 'x' && !isSmall && <span class="link-from">{sample.site}</span>}
      <PostActions />
    </div>
  )
}

/** A video in a list: its cover with a length, and a title. */
export function VideoPlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-video">
      <div class="place-picture place-rounded">
        <OutputPicture view={view} output={output} />
        <span class="video-length">12:34</span>
      </div>
      <div class="video-words">
        <i class="post-portrait" aria-hidden="true" />
        <div>
          <b>{sample.video}</b>
          <span>{`${sample.account} · ${sample.views}`}</span>
        </div>
        <PlaceIcon name="dots" />
      </div>
    </div>
  )
}

/** The banner of a profile, behind its portrait. */
export function BannerPlace({ view, output, showsSafeArea }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-banner">
      <div class="place-picture">
        <OutputPicture view={view} output={output} />
        {showsSafeArea && <SafeArea output={output} />}
      </div>
      <i class="banner-portrait" aria-hidden="true" />
      <div class="banner-words">
        <b>{sample.account}</b>
        <span>{sample.followers}</span>
        <Lines widths={[70]} />
      </div>
    </div>
  )
}

/** A portrait in its sizes, cut to a circle. */
export function ProfilePlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-profile">
      <span class="portrait-large">
        <OutputPicture view={view} output={output} />
      </span>
      <b>{sample.account}</b>
      <span>{sample.followers}</span>
      <div class="profile-comment">
        <span class="portrait-small">
          <OutputPicture view={view} output={output} />
        </span>
        <Lines widths={[88, 56]} />
      </div>
    </div>
  )
}
