/** A short notice at the page's foot that goes by itself. */
import { useEffect } from 'react'
import { IconButton } from './button.tsx'
import styles from './toast.module.css'

const SHOWN_MS = 6_000

export interface ToastProps {
  readonly text: string | undefined
  readonly closeLabel: string
  onClose(): void
}

export function Toast({ text, closeLabel, onClose }: ToastProps) {
  useEffect(() => {
    if (text === undefined) return
    const timer = setTimeout(onClose, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [text, onClose])
  return (
    <div className={styles.place} role="alert">
      {text !== undefined && (
        <div className={styles.toast}>
          {text}
          <IconButton icon="close" size="s" label={closeLabel} onClick={onClose} />
        </div>
      )}
    </div>
  )
}
