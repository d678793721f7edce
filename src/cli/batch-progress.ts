import { Pace, type Progress } from '../main/batch/pace';

/** Minutes and seconds, or hours and minutes. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `12/60, 20 %, 140 a minute, 0:21 left`. */
export function inWords({ done, total, share, perMinute, left }: Progress): string {
  const pace = perMinute === null ? '' : `, ${perMinute.toFixed(perMinute < 10 ? 1 : 0)} a minute`;
  const rest = left === null || done === total ? '' : `, ${clock(left)} left`;
  return `${done}/${total}, ${Math.floor(share * 100)} %${pace}${rest}`;
}

/** The progress on standard error: a bar that is drawn again on a terminal, else a line a picture. */
export class ProgressDisplay {
  readonly #out: NodeJS.WriteStream;
  readonly #pace: Pace;
  readonly #timer: NodeJS.Timeout | null;
  #last = '';

  constructor(sizes: readonly number[], out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#pace = new Pace(sizes, performance.now());
    this.#timer = out.isTTY ? setInterval(() => this.#draw(), 250) : null;
    this.#timer?.unref();
  }

  /** A picture is done with; `line` says how. */
  settled(size: number, line: string): void {
    this.#pace.add(size, performance.now());
    if (this.#out.isTTY) {
      this.#last = line;
      this.#draw();
    } else {
      this.#out.write(`${inWords(this.#pace.at(performance.now()))}: ${line}\n`);
    }
  }

  /** A line that stays. */
  say(line: string): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[K');
    this.#out.write(`${line}\n`);
    if (this.#out.isTTY) this.#draw();
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    if (this.#out.isTTY) this.#out.write('\r\x1b[K');
  }

  #draw(): void {
    const progress = this.#pace.at(performance.now());
    const width = 24;
    const full = Math.round(progress.share * width);
    const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
    const line = `${bar} ${inWords(progress)}  ${this.#last}`;
    this.#out.write(`\r\x1b[K${[...line].slice(0, Math.max(20, (this.#out.columns ?? 80) - 1)).join('')}`);
  }
}
