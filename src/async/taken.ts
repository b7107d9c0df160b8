/** What was taken before this process began, so that nothing is run by two processes one after the other. */
export interface Taken {
  /** Whether one of these keys was kept by an earlier process. */
  has(keys: readonly string[]): boolean;
  /** Resolves when they will survive the end of this process, or cannot be kept, which is told. Never rejects. */
  keep(keys: readonly string[]): Promise<void>;
}
