import type { JSX } from 'preact'
import { useText } from '../../store/store.ts'
import { OutputPicture } from '../output-picture.tsx'
import type { PlaceProps } from './place-props.ts'

/** A favicon in a tab, at its true size, in the tab in front and in one behind. */
export function BrowserTab({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  const icon = (size: number) => (
    <span class={`tab-icon tab-icon-${size}`}>
      <OutputPicture view={view} output={output} />
    </span>
  )
  return (
    <div class="place-card place-tabs">
      <div class="tab-row">
        <span class="tab tab-front">
          {icon(16)}
          <span>{sample.tab}</span>
        </span>
        <span class="tab">
          <i class="tab-blank" aria-hidden="true" />
          <span>{sample.otherTab}</span>
        </span>
      </div>
      <div class="tab-address">
        <i aria-hidden="true" />
        <span>{sample.site}</span>
      </div>
      <div class="tab-bookmarks">
        {icon(32)}
        {icon(64)}
      </div>
    </div>
  )
}

/** How many other apps are on the home screen. */
const OTHERS = 11

/** An app's icon among others, in the shape that the system cuts. */
export function HomeScreen({ view, output, platform }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  const app = (
    <span class="home-app">
      <span class={`home-icon home-${platform}`}>
        <OutputPicture view={view} output={output} />
      </span>
      <span class="home-name">{sample.app}</span>
    </span>
  )
  return (
    <div class="place-phone place-home">
      <div class="phone-screen">
        <span class="home-time" aria-hidden="true">
          9:41
        </span>
        <div class="home-apps">
          {Array.from({ length: OTHERS + 1 }, (_, index) =>
            index === 5 ? (
              app
            ) : (
              <span key={index} class="home-app" aria-hidden="true">
                <i class={`home-icon home-${platform}`} />
                <i class="home-blank" />
              </span>
            ),
          )}
        </div>
      </div>
    </div>
  )
}
