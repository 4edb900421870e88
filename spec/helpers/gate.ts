/** Something that is waited for, and what ends the waiting. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const ends: (() => void)[] = [];
  const passed = new Promise<void>((resolve) => {
    ends.push(resolve);
  });
  return {
    passed,
    open: () => {
      for (const end of ends) end();
    },
  };
}
