import { germanFaults } from './german-faults';

/**
 * German for what the window and the code below it say with values already in it: faults, hints, notices, labels of
 * the history. `{0}`, `{1}` … stand for the values in the order of the English message.
 */
export const germanTold: Readonly<Record<string, string>> = {
  ...germanFaults,

  // Steps of the history
  'Place {0}': '{0} platzieren',
  'Add {0}': '{0} hinzufügen',
  Opened: 'Geöffnet',
  'Nudge left by {0} px': 'Um {0} px nach links schieben',
  'Nudge right by {0} px': 'Um {0} px nach rechts schieben',
  'Nudge up by {0} px': 'Um {0} px nach oben schieben',
  'Nudge down by {0} px': 'Um {0} px nach unten schieben',
  'Add layer': 'Ebene hinzufügen',
  'Add layer mask': 'Ebenenmaske hinzufügen',
  'Change adjustment': 'Einstellung ändern',
  'Change blend mode': 'Modus ändern',
  'Change colour tag': 'Farbmarke ändern',
  'Change fill': 'Fläche ändern',
  'Change locks': 'Sperren ändern',
  'Change mask': 'Maske ändern',
  'Change mask density': 'Dichte der Maske ändern',
  'Change mask feather': 'Weiche Kante der Maske ändern',
  'Change opacity': 'Deckkraft ändern',
  'Change strength': 'Stärke ändern',
  'Canvas size': 'Arbeitsfläche',
  'Image size': 'Bildgröße',
  'Harmonize background': 'Hintergrund abstimmen',
  'Hide layers': 'Ebenen ausblenden',
  'Show layers': 'Ebenen einblenden',
  'Layer mask from selection': 'Ebenenmaske aus Auswahl',
  'Lock or unlock layer': 'Ebene sperren oder entsperren',
  'Move layer': 'Ebene bewegen',
  'Rotate layer': 'Ebene drehen',
  'Scale layer': 'Ebene skalieren',
  'Move selection': 'Auswahl bewegen',
  'Nudge layer': 'Ebene schieben',
  'Open or close group': 'Gruppe öffnen oder schließen',
  'Place project': 'Projekt platzieren',
  'Reorder layers': 'Ebenen umordnen',
  'Show or hide layer': 'Ebene ein- oder ausblenden',
  'Transform layer': 'Ebene transformieren',
  'Turn harmonization on or off': 'Harmonisierung ein- oder ausschalten',

  // Notices
  'There is no picture on the clipboard.': 'In der Zwischenablage ist kein Bild.',
  'The unsaved work is open again.': 'Die ungespeicherte Arbeit ist wieder offen.',
  'Nothing is selected.': 'Nichts ist ausgewählt.',
  'Document closed.': 'Dokument geschlossen.',
  'Saved {0}': '{0} gespeichert',
  'Saved {0}.': '{0} gespeichert.',
  '{0} opened, {1} by {2} pixels.': '{0} geöffnet, {1} mal {2} Pixel.',
  '“{0}” has {1} pages; the first was opened.': '„{0}“ hat {1} Seiten; die erste wurde geöffnet.',
  '“{0}” has 16 bits a channel; Attune works with 8.': '„{0}“ hat 16 Bit je Kanal; Attune arbeitet mit 8.',
  'Ran on {0}: {1}': 'Lief auf {0}: {1}',
  'A side is longer than 30,000 pixels: saved as PSB, the large format.':
    'Eine Seite ist länger als 30.000 Pixel: als PSB gespeichert, dem großen Format.',
  '“{0}” was changed and is saved as pixels: its {1} would show what it was before.':
    '„{0}“ wurde geändert und ist als Pixel gespeichert: {1} würde zeigen, was vorher war.',
  'Layers harmonized by Attune were changed in another program since; they are shown as that program left them.':
    'Von Attune harmonisierte Ebenen wurden seither in einem anderen Programm geändert; sie erscheinen, wie jenes sie hinterließ.',
  '{0} has 16 bits a channel; Attune works with 8, and a save from here has 8.':
    '{0} hat 16 Bit je Kanal; Attune arbeitet mit 8, und von hier gespeichert hat es 8.',
  'The colour profile in {0} is of a kind that Attune does not convert; its colours are shown as sRGB.':
    'Das Farbprofil in {0} ist von einer Art, die Attune nicht umrechnet; die Farben erscheinen als sRGB.',
  '{0} has a colour profile of its own; its colours were converted to sRGB.':
    '{0} hat ein eigenes Farbprofil; die Farben wurden nach sRGB umgerechnet.',
  '“{0}” ({1}) has no pixels in {2} and is not shown; it is kept for saving.':
    '„{0}“ ({1}) hat in {2} keine Pixel und wird nicht gezeigt; zum Speichern bleibt es aufbewahrt.',
  'Text, smart objects, shapes, effects and the like in {0} are shown by their pixels where they have any, and kept as they are when you save.':
    'Text, Smartobjekte, Formen, Effekte und dergleichen in {0} erscheinen mit ihren Pixeln, wo sie welche haben, und bleiben beim Speichern, wie sie sind.',
  'OpenRaster has no adjustment layers: they were merged with what lies under them.':
    'OpenRaster kennt keine Einstellungsebenen: Sie wurden mit dem darunter vereint.',
  'OpenRaster has no adjustment layers: “{0}”, which is hidden, was left out.':
    'OpenRaster kennt keine Einstellungsebenen: Die ausgeblendete „{0}“ blieb weg.',
  'OpenRaster has no clipping: clipped layers were merged with the layer they are clipped to.':
    'OpenRaster kennt kein Beschneiden: Beschnittene Ebenen wurden mit der vereint, auf die sie beschnitten sind.',
  '{0} holds “{1}”, which Attune does not know; it is not shown and not kept.':
    '{0} enthält „{1}“, was Attune nicht kennt; es wird nicht gezeigt und nicht aufbewahrt.',
  '“{0}” blends by “{1}”, which Attune does not know; it is shown as normal.':
    '„{0}“ mischt mit „{1}“, was Attune nicht kennt; es erscheint als normal.',

  'OpenRaster has no masks: they were applied.': 'OpenRaster kennt keine Masken: Sie wurden angewendet.',
  'A turned or scaled mask was saved as it lies in the document.':
    'Eine gedrehte oder skalierte Maske wurde gespeichert, wie sie im Dokument liegt.',

  // The window’s own faults
  'A thread that draws the picture failed: {0}': 'Ein Thread, der das Bild zeichnet, ist gescheitert: {0}',
  'There is not enough memory for a picture of {0} MB.': 'Der Speicher reicht nicht für ein Bild von {0} MB.',
  'Close other programs, or make the document smaller.':
    'Andere Programme schließen oder das Dokument verkleinern.',
  'Attune’s background program does not answer.': 'Attunes Hintergrundprogramm antwortet nicht.',
  'Start Attune again; the picture here is intact.': 'Attune neu starten; das Bild hier ist heil.',
  'The answer to {0} is malformed.': 'Die Antwort auf {0} ist fehlerhaft.',
  'Window and program may be of different versions; start Attune again.':
    'Fenster und Programm sind vielleicht verschiedene Versionen; Attune neu starten.',
  'The file can no longer be read.': 'Die Datei lässt sich nicht mehr lesen.',
  'Open it again with File ▸ Open.': 'Mit Datei ▸ Öffnen noch einmal öffnen.',
  'The document is too large to be kept in the background.':
    'Das Dokument ist zu groß, um es im Hintergrund aufzubewahren.',
  'Save it yourself now and then (Ctrl+S).': 'Ab und zu selbst speichern (Strg+S).',
  'The record of the unsaved work is damaged.': 'Die Aufzeichnung der ungespeicherten Arbeit ist beschädigt.',
  'A picture of {0}×{1} pixels is too large for {2} here.':
    'Ein Bild von {0}×{1} Pixeln ist hier zu groß für {2}.',
  'Export it as PNG or JPEG, or smaller.': 'Als PNG oder JPEG exportieren, oder kleiner.',
  'Harmonizing was cancelled.': 'Das Harmonisieren wurde abgebrochen.',
  'Comparing was cancelled.': 'Das Vergleichen wurde abgebrochen.',
  'Layer “{0}” was deleted meanwhile.': 'Die Ebene „{0}“ wurde inzwischen gelöscht.',
  'Undo, and harmonize it again.': 'Rückgängig machen und noch einmal harmonisieren.',
  'The document changed meanwhile.': 'Das Dokument hat sich inzwischen geändert.',
  'Harmonize the background again.': 'Den Hintergrund noch einmal abstimmen.',
  'No layer of pixels is chosen.': 'Keine Ebene mit Pixeln ist ausgewählt.',
  'Choose the layer to harmonize.': 'Die Ebene auswählen, die harmonisiert werden soll.',
  'Layer “{0}” is hidden.': 'Die Ebene „{0}“ ist ausgeblendet.',
  'Show it first (Ctrl+,).': 'Zuerst einblenden (Strg+,).',
  'Nothing visible lies under layer “{0}”, so there is nothing to harmonize it with.':
    'Unter der Ebene „{0}“ liegt nichts Sichtbares, an das sie angepasst werden könnte.',
  'Put a background photograph under it.': 'Ein Foto als Hintergrund darunterlegen.',
  'No network is installed.': 'Kein Netz ist installiert.',
  'See models/README.md for how to get one.': 'Wie man eines bekommt, steht in models/README.md.',
  'There is no layer below to merge with.': 'Darunter liegt keine Ebene zum Vereinen.',
  'Choose the upper one of two layers.': 'Von zwei Ebenen die obere auswählen.',
  '“{0}” is larger than the {1} MiB of this format that Attune opens here.':
    '„{0}“ ist größer als die {1} MiB, die Attune in diesem Format hier öffnet.',
  'Save it as PNG in the program that made it, and open that.':
    'Im Programm, das sie gemacht hat, als PNG speichern und das öffnen.',
  'No layer is chosen.': 'Keine Ebene ist ausgewählt.',
  'Choose the layer whose mask is to be painted.': 'Die Ebene auswählen, deren Maske bemalt werden soll.',
  'Layer “{0}” is locked.': 'Die Ebene „{0}“ ist gesperrt.',
  'Unlock it first.': 'Zuerst entsperren.',
  '“{0}” is {1}, which Attune cannot open here.': '„{0}“ ist {1}; das kann Attune hier nicht öffnen.',
  '“{0}” is {1}, which Attune does not open.': '„{0}“ ist {1}; das öffnet Attune nicht.',
  'a TIFF file': 'eine TIFF-Datei',
  'a HEIC photograph': 'ein HEIC-Foto',
  'an SVG drawing': 'eine SVG-Zeichnung',
  'a raw camera file': 'eine Rohdatei einer Kamera',
  'a Photoshop document': 'ein Photoshop-Dokument',
  'a PDF': 'ein PDF',
  'Save it as PNG or JPEG in the program that made it, and open that.':
    'Im Programm, das sie gemacht hat, als PNG oder JPEG speichern und das öffnen.',
  '“{0}” is damaged and cannot be read.': '„{0}“ ist beschädigt und lässt sich nicht lesen.',
  'Copy or download it again.': 'Noch einmal kopieren oder herunterladen.',
  'There is not enough memory to open “{0}”.': 'Der Speicher reicht nicht, um „{0}“ zu öffnen.',
  'A picture of {0}×{1} pixels cannot be encoded here.':
    'Ein Bild von {0}×{1} Pixeln lässt sich hier nicht schreiben.',
  'Make the document smaller.': 'Das Dokument verkleinern.',
  'The layer is gone.': 'Die Ebene ist weg.',
  'Undo, or choose another layer.': 'Rückgängig machen oder eine andere Ebene wählen.',
  'Layer “{0}” covers the whole picture, so there is nothing around it to agree with.':
    'Die Ebene „{0}“ bedeckt das ganze Bild, also ist nichts um sie, wozu sie passen könnte.',
  'Scale it down, or cut its background out first.':
    'Sie verkleinern oder zuerst ihren Hintergrund entfernen.',
  'Layer “{0}” shows nowhere in the picture.': 'Die Ebene „{0}“ ist im Bild nirgends zu sehen.',
  'Move it into the picture and give it some opacity.': 'Sie ins Bild schieben und ihr Deckkraft geben.',
  'A lift worker failed: {0}': 'Ein Arbeiter für die volle Größe ist gescheitert: {0}',
  'Try again.': 'Noch einmal versuchen.',
  'Nothing of these layers shows.': 'Von diesen Ebenen ist nichts zu sehen.',
  'Show them, or delete them instead.': 'Sie einblenden oder stattdessen löschen.',
  'Pixels of the document are missing.': 'Pixel des Dokuments fehlen.',
  'Save it under another name.': 'Unter einem anderen Namen speichern.',
  'A piece of the unsaved work is damaged.': 'Ein Stück der ungespeicherten Arbeit ist beschädigt.',
  'The rest cannot be opened without it.': 'Ohne es lässt sich der Rest nicht öffnen.',
  'There is not enough memory for another {0} MB of pixels.':
    'Der Speicher reicht nicht für weitere {0} MB Pixel.',
  'Close other programs, or delete layers that are not needed.':
    'Andere Programme schließen oder unnötige Ebenen löschen.',
  'The pixels of the selection are missing.': 'Die Pixel der Auswahl fehlen.',
  'Select again.': 'Noch einmal auswählen.',
  'This layer has no pixels.': 'Diese Ebene hat keine Pixel.',
  'Choose a layer of pixels.': 'Eine Ebene mit Pixeln auswählen.',
  '“{0}” is empty.': '„{0}“ ist leer.',
  'Choose another file.': 'Eine andere Datei wählen.',
  '“{0}”: {1}': '„{0}“: {1}',
  '“{0}” is not a picture that Attune knows.': '„{0}“ ist kein Bild, das Attune kennt.',
  'Open a PSD, ORA, PNG, JPEG, WebP, AVIF, TIFF, SVG, GIF or BMP file.':
    'Eine Datei in PSD, ORA, PNG, JPEG, WebP, AVIF, TIFF, SVG, GIF oder BMP öffnen.',
  '“{0}” is cut short: its end is missing.': '„{0}“ ist abgeschnitten: Das Ende fehlt.',
  '“{0}” is damaged.': '„{0}“ ist beschädigt.',
  'The pixels of the mask are missing.': 'Die Pixel der Maske fehlen.',
  'Undo, or delete the mask.': 'Rückgängig machen oder die Maske löschen.',
  'The picture worker failed: {0}': 'Der Bildarbeiter ist gescheitert: {0}',
  'Reload the window.': 'Das Fenster neu laden.',
  'There is not enough memory for a picture of this size.':
    'Der Speicher reicht nicht für ein Bild dieser Größe.',
  'This window’s address has no valid token.': 'Die Adresse dieses Fensters hat keinen gültigen Schlüssel.',
  'Open the address that Attune printed.': 'Die Adresse öffnen, die Attune ausgegeben hat.',

  // Studies
  'The folder holds no study.': 'Der Ordner enthält keine Studie.',
  'Choose one that attune study prepare made: it holds rater-01.html.':
    'Einen wählen, den attune study prepare gemacht hat: Er enthält rater-01.html.',
  '{0} is of another study than {1}.': '{0} gehört zu einer anderen Studie als {1}.',
  'Leave the pages of one study in the folder.': 'Nur die Seiten einer Studie im Ordner lassen.',
  'The study has no page {0}.': 'Die Studie hat keine Seite {0}.',
  'The folder cannot be read ({0}).': 'Der Ordner lässt sich nicht lesen ({0}).',
  'Choose it again.': 'Noch einmal wählen.',
  'Choose the study again.': 'Die Studie noch einmal wählen.',
};
