import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { urlsOfAsset } from '../store/picture-url.ts'
import { useStore, useText } from '../store/store.ts'
import type { AssetDialogProps, AssetDialogRequest } from './dialog-props.ts'
import { Failure } from './failure.tsx'
import { LARGEST_UPLOAD, measurePicture, readBase64 } from './read-upload.ts'
import { useAction } from './use-action.ts'

/** A file that was dropped or chosen, and that the browser can show. */
type Upload = { file: File; url: string; width: number; height: number }

/** Takes a file as the master, after it was seen beside the current picture. */
export function AdoptDialog({
  view,
  request,
  onClose,
}: AssetDialogProps<Extract<AssetDialogRequest, { kind: 'adopt' }>>): JSX.Element {
  const store = useStore()
  const text = useText()
  const action = useAction()
  const { upload, mistake, choose } = useUpload(request.file)
  const { name, width, height } = view.asset
  const adopt = async (): Promise<void> => {
    const isDone = await action.take(async () => {
      const bytes = await readBase64(upload!.file)
      await store.connection.call('adopt', { name, bytes })
      return text.actions.adopting.done(name)
    })
    if (isDone) onClose()
  }
  return (
    <Dialog
      title={text.actions.adopting.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button
            look="primary"
            disabled={upload === null || action.isBusy}
            onClick={() => void adopt()}
          >
            {action.isBusy ? text.actions.working : text.actions.adopting.adopt}
          </Button>
        </>
      }
    >
      <DropArea isSmall={upload !== null} onFile={choose} />
      {upload === null ? null : (
        <div class="two-pictures">
          <figure>
            <img src={urlsOfAsset(store.connection, view.asset).small ?? ''} alt="" />
            <figcaption>{text.actions.adopting.current}</figcaption>
          </figure>
          <figure>
            <img src={upload.url} alt="" />
            <figcaption>
              {`${text.actions.adopting.yours}, ${text.asset.picture.size(upload.width, upload.height)}`}
            </figcaption>
          </figure>
        </div>
      )}
      {upload !== null && hasOtherShape(upload, { width, height }) ? (
        <p>{text.actions.adopting.otherShape}</p>
      ) : null}
      <p class="quiet">{text.actions.adopting.text}</p>
      <Failure failure={mistake ?? action.failure} />
    </Dialog>
  )
}

/** The chosen file, or what is wrong with it. */
function useUpload(first: File | undefined) {
  const upload = useSignal<Upload | null>(null)
  const mistake = useSignal<{ message: string; hint: string } | null>(null)
  const text = useText().actions.adopting
  const choose = async (file: File): Promise<void> => {
    if (upload.value !== null) URL.revokeObjectURL(upload.value.url)
    upload.value = null
    if (file.size > LARGEST_UPLOAD) {
      const limit = `${LARGEST_UPLOAD / 1024 / 1024} MB`
      mistake.value = { message: text.tooLarge(file.name, limit), hint: text.tooLargeHint }
      return
    }
    const url = URL.createObjectURL(file)
    const size = await measurePicture(url)
    mistake.value =
      size === null ? { message: text.notPicture(file.name), hint: text.notPictureHint } : null
    if (size === null) URL.revokeObjectURL(url)
    else upload.value = { file, url, ...size }
  }
  useEffect(() => {
    if (first !== undefined) void choose(first)
    return () => {
      if (upload.value !== null) URL.revokeObjectURL(upload.value.url)
    }
  }, [])
  return { upload: upload.value, mistake: mistake.value, choose: (file: File) => void choose(file) }
}

/** More than 2% is more than rounding. */
function hasOtherShape(
  a: { width: number; height: number },
  b: { width: number; height: number },
): boolean {
  const [ratio, other] = [a.width / a.height, b.width / b.height]
  return Math.abs(ratio / other - 1) > 0.02
}

/** Where a file is dropped, or chosen with a button. */
function DropArea({
  isSmall,
  onFile,
}: {
  isSmall: boolean
  onFile: (file: File) => void
}): JSX.Element {
  const text = useText().actions.adopting
  const input = useRef<HTMLInputElement>(null)
  const isOver = useSignal(false)
  const take = (files: FileList | null | undefined): void => {
    const file = files?.[0]
    if (file !== undefined) onFile(file)
  }
  return (
    <div
      class={`drop-area${isSmall ? ' small' : ''}${isOver.value ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        isOver.value = true
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        event.preventDefault()
        event.stopPropagation()
        isOver.value = false
        take(event.dataTransfer?.files)
      }}
    >
      {isSmall ? null : <p>{isOver.value ? text.dropNow : text.drop}</p>}
      <input
        ref={input}
        class="hidden"
        type="file"
        accept="image/*"
        tabIndex={-1}
        aria-label={text.choose}
        onChange={() => take(input.current?.files)}
      />
      <Button onClick={() => input.current?.click()}>{isSmall ? text.other : text.choose}</Button>
    </div>
  )
}
