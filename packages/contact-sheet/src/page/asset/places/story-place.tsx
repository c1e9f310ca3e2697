import type { JSX } from 'preact'
import { useText } from '../../store/store.ts'
import { OutputPicture } from '../output-picture.tsx'
import { SafeArea } from '../safe-area.tsx'
import { PlaceIcon } from './icons.tsx'
import type { PlaceProps } from './place-props.ts'

/** A story on a phone: what the app draws over it covers the top and the bottom. */
export function StoryPlace({ view, output, platform, showsSafeArea }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  const hasColumn = platform === 'tiktok' || platform === 'douyin'
  return (
    <div class="place-phone place-story">
      <div class="phone-screen">
        <OutputPicture view={view} output={output} />
        {showsSafeArea && <SafeArea output={output} />}
        <div class="story-top">
          {!hasColumn && <i class="story-progress" aria-hidden="true" />}
          <span class="story-account">
            <i class="post-portrait" aria-hidden="true" />
            {sample.account}
          </span>
        </div>
        {hasColumn ? (
          <div class="story-column" aria-hidden="true">
            <PlaceIcon name="heart" />
            <PlaceIcon name="speech" />
            <PlaceIcon name="flag" />
            <PlaceIcon name="share" />
          </div>
        ) : (
          <div class="story-bottom">
            <span>{sample.reply}</span>
            <PlaceIcon name="heart" />
            <PlaceIcon name="arrow" />
          </div>
        )}
      </div>
    </div>
  )
}
