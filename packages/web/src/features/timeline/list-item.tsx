/** One item of the virtual list, which says its place though its neighbours are not all drawn. */
import type { CustomItemComponentProps } from 'virtua'

export function ListItem({ style, index, children, ref }: CustomItemComponentProps) {
  return (
    // How many there are in all nobody knows before the past is loaded: -1.
    <li ref={ref} style={style} aria-posinset={index + 1} aria-setsize={-1}>
      {children}
    </li>
  )
}
