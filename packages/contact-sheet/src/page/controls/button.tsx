import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

type ButtonOptions = {
  /** `primary` is for the one action that matters most, `plain` for those in bars. */
  look?: 'primary' | 'plain' | 'danger'
  icon?: IconName
  /** The button shows its icon only, and this is its name. */
  label?: string
  children?: ComponentChildren
} & Omit<ButtonHTMLAttributes, 'label' | 'icon' | 'class'>

/** A button. With `label` it is a square with an icon. */
export function Button({ look, icon, label, children, ...rest }: ButtonOptions): JSX.Element {
  const classes = ['button', look, label === undefined ? '' : 'square'].filter(Boolean).join(' ')
  return (
    <button type="button" class={classes} aria-label={label} title={label} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  )
}
