/** So many of something are had at most, by all who share it. */
export interface Budget {
  /** False when there are none left. */
  take(): boolean;
  giveBack(count: number): void;
}

export function createBudget(most: number): Budget {
  let taken = 0;
  return {
    take() {
      if (taken >= most) return false;
      taken += 1;
      return true;
    },
    giveBack(count) {
      taken -= count;
    },
  };
}
