/**
 * The files named on a command line of Electron: what is left without the program, without the folder or script that
 * an unpackaged Electron is given, and without switches, some of which Chromium adds itself.
 */
export function namedFiles(argv: readonly string[], packaged: boolean): string[] {
  const rest = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return packaged ? rest : rest.slice(1);
}
