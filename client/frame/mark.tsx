/** The logo: two tracks that meet at a switch. */
export function Mark() {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M2 6.500h4.500c2 0 3.2 1 4.2 2.800l2.1 4.400c1 1.8 2.2 2.8 4.2 2.800h5M2 16.500h4.500c1.6 0 2.7-.7 3.6-1.8" />
      <circle cx="19" cy="6.5" r="2.4" fill="currentColor" stroke="none" />
    </svg>
  );
}
