/** `14:02:11 UTC`, with the day before it when that is not today: people of one team sit in many time zones. */
export function moment(epochMs: number, now: number = Date.now()): string {
  const [day = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const [today] = new Date(now).toISOString().split('T');
  return `${day === today ? '' : `${day} `}${time.slice(0, 8)} UTC`;
}
