/** What Compare says. */
export const germanCompare: Readonly<Record<string, string>> = {
  'Compare…': 'Vergleichen …',
  Compare: 'Vergleichen',
  'Which of the two looks more like one photograph?':
    'Welches der beiden sieht mehr nach einem einzigen Foto aus?',
  '{at} of {total}': '{at} von {total}',
  'Pair {at} of {total}': 'Paar {at} von {total}',
  'The left picture': 'Das linke Bild',
  'The right picture': 'Das rechte Bild',
  Back: 'Zurück',
  Left: 'Links',
  Right: 'Rechts',
  Stop: 'Aufhören',
  'I cannot tell': 'Unentschieden',
  'The wheel zooms both pictures, dragging moves both, 0 shows them whole.':
    'Das Rad zoomt beide Bilder, Ziehen verschiebt beide, 0 zeigt sie ganz.',
  'Folder of the study': 'Ordner der Studie',
  'The layer changed meanwhile. Compare again.':
    'Die Ebene hat sich inzwischen geändert. Noch einmal vergleichen.',
  'That was the last pair. Thank you!': 'Das war das letzte Paar. Vielen Dank!',
  '{done} of {total} pairs are answered.': '{done} von {total} Paaren sind beantwortet.',
  'Save the answers and send the file to whoever asked you.':
    'Die Antworten speichern und die Datei an die Person schicken, die gefragt hat.',
  'From best to worst': 'Vom besten zum schlechtesten',
  'chosen {wins} times, passed over {losses} times, {ties} undecided':
    '{wins}-mal gewählt, {losses}-mal nicht gewählt, {ties}-mal unentschieden',
  'Use this one': 'Dieses nehmen',
  'Nothing is told before every pair is answered.':
    'Verraten wird erst etwas, wenn jedes Paar beantwortet ist.',
  'The answers are saved.': 'Die Antworten sind gespeichert.',
  'Back to the last pair': 'Zurück zum letzten Paar',
  'Go on': 'Weiter',
  'Save the answers': 'Antworten speichern',
  'Two pictures at a time, without names, in random order. Choose the one that looks more like a photograph taken in one piece.':
    'Immer zwei Bilder, ohne Namen, in zufälliger Reihenfolge. Wählen Sie das, das mehr nach einem in einem Stück aufgenommenen Foto aussieht.',
  'What is compared': 'Was verglichen wird',
  'Methods on the layer “{name}”': 'Verfahren auf der Ebene „{name}“',
  'Methods on a layer: choose one first': 'Verfahren auf einer Ebene: erst eine wählen',
  'A prepared study': 'Eine vorbereitete Studie',
  Study: 'Studie',
  Page: 'Seite',
  '{page}: {pairs} pairs': '{page}: {pairs} Paare',
  'Your name or a nickname': 'Ihr Name oder Spitzname',
  'A browser gives no folders. Name the study at the start: npm start -- --folder STUDY':
    'Ein Browser gibt keine Ordner her. Die Studie beim Start nennen: npm start -- --folder STUDIE',
};
