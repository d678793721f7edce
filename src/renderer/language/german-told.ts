/**
 * German for what code below the window says in English: faults, hints, notices, labels of the history. `{0}`, `{1}` …
 * stand for the values in the order of the English message.
 */
export const germanTold: Readonly<Record<string, string>> = {
  'Place {0}': '{0} platzieren',
  'Nudge left by {0} px': 'Um {0} px nach links schieben',
  'Nudge right by {0} px': 'Um {0} px nach rechts schieben',
  'Nudge up by {0} px': 'Um {0} px nach oben schieben',
  'Nudge down by {0} px': 'Um {0} px nach unten schieben',
};
