import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Whole pictures through OpenCV's filters at full size, into memory that is there already (as lifting is measured in
 * place), on as many threads as it likes: the least of three runs after one to warm up; prints milliseconds.
 */
const SCRIPT = `
import sys, time, numpy, cv2
name, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
guide = numpy.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=numpy.uint8)
change = cv2.resize(guide[:512, :512], (width, height), interpolation=cv2.INTER_LINEAR)
out = numpy.zeros_like(change)
def run():
    started = time.perf_counter()
    if name == 'jointBilateralFilter':
        cv2.ximgproc.jointBilateralFilter(guide, change, 5, 15, 1.5, out)
    else:
        cv2.ximgproc.guidedFilter(guide, change, 8, 100, out)
    return (time.perf_counter() - started) * 1000
run()
print(min(run() for _ in range(3)), cv2.getNumThreads())
`;

/** What a Python says when it lacks what is needed, and what to do. */
const ABSENT = "OpenCV's contrib modules are absent (Debian: apt-get install python3-opencv)";

/** Milliseconds, and on how many threads. */
export interface OpenCvTime {
  readonly ms: number;
  readonly threads: number;
}

/** The time of one of `cv2.ximgproc`'s filters over a picture (diameter 5; radius 8), or why there is none. */
export async function openCvTime(
  filter: 'jointBilateralFilter' | 'guidedFilter',
  width: number,
  height: number,
): Promise<OpenCvTime | string> {
  for (const python of [process.env.ATTUNE_PYTHON ?? 'python3', '/usr/bin/python3']) {
    try {
      const args = ['-c', SCRIPT, filter, String(width), String(height)];
      const { stdout } = await promisify(execFile)(python, args, { timeout: 120_000 });
      const [ms = NaN, threads = NaN] = stdout.trim().split(' ').map(Number);
      if (ms > 0 && threads > 0) return { ms, threads };
    } catch {
      // The next Python may have it.
    }
  }
  return ABSENT;
}
