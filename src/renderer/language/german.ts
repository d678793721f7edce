/** German. Keys are the English messages as they stand in the code. */
export const german: Readonly<Record<string, string>> = {};
