/** The Madang mark: a courtyard house seen from above, its gate open, two people in the yard; it is the letter ㅁ of 마당, too. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
      <path
        fill="none"
        stroke="currentColor"
        strokeWidth="4"
        strokeLinecap="round"
        d="M12.6 26.5H10a6 6 0 0 1-6-6V10a6 6 0 0 1 6-6h12a6 6 0 0 1 6 6v10.5a6 6 0 0 1-6 6h-2.6"
      />
      <circle cx="12.7" cy="16.9" r="3" />
      <circle cx="19.8" cy="13.2" r="2.3" />
    </svg>
  )
}
