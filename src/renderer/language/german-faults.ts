/**
 * German for the faults and hints of the code below the window. `{0}`, `{1}` … stand for the values in the order of the
 * English message.
 */
export const germanFaults: Readonly<Record<string, string>> = {
  // Pictures in memory
  'A picture of {0}×{1} cannot be blended onto one of {2}×{3}.':
    'Ein Bild von {0}×{1} kann nicht mit einem von {2}×{3} gemischt werden.',
  'Give pictures and masks of the same size.': 'Bilder und Masken gleicher Größe verwenden.',
  'Opacity {0} is not between 0 and 1.': 'Die Deckkraft {0} liegt nicht zwischen 0 und 1.',
  'Fill {0} is not between 0 and 1.': 'Die Fläche {0} liegt nicht zwischen 0 und 1.',
  'A blur of {0} pixels is not between 0 and {1}.':
    'Ein Weichzeichner von {0} Pixeln liegt nicht zwischen 0 und {1}.',
  'A box of radius {0} is not between 0 and {1}.':
    'Ein Kasten vom Radius {0} liegt nicht zwischen 0 und {1}.',
  'A picture of {0}×{1} pixels does not exist.': 'Ein Bild von {0}×{1} Pixeln gibt es nicht.',
  'A picture of {0}×{1} pixels is larger than the {2} megapixels that fit.':
    'Ein Bild von {0}×{1} Pixeln ist größer als die {2} Megapixel, die Platz haben.',
  'Scale it down first.': 'Zuerst verkleinern.',
  '{0} bytes are not {1}×{2} RGBA pixels.': '{0} Bytes sind nicht {1}×{2} RGBA-Pixel.',
  '{0} bytes are not a mask of {1}×{2}.': '{0} Bytes sind keine Maske von {1}×{2}.',
  'Planes of {0}×{1}×{2} are not those of a picture of {3}×{4}.':
    'Ebenen von {0}×{1}×{2} sind nicht die eines Bildes von {3}×{4}.',
  'There is not enough memory for another {0} MB of working space.':
    'Der Speicher reicht nicht für weitere {0} MB Arbeitsraum.',
  'Close other programs, or work on a smaller picture.':
    'Andere Programme schließen oder an einem kleineren Bild arbeiten.',
  '{0} bytes of working space cannot be had.': '{0} Bytes Arbeitsraum sind nicht zu haben.',
  'The pixels of layer “{0}” are missing.': 'Die Pixel der Ebene „{0}“ fehlen.',
  'Open its file again.': 'Die Datei noch einmal öffnen.',
  'The mask of layer “{0}” is missing.': 'Die Maske der Ebene „{0}“ fehlt.',
  'The view’s transform is not finite or flattens the picture.':
    'Die Abbildung der Ansicht ist unendlich oder drückt das Bild flach.',
  'There is no layer {0}.': 'Eine Ebene {0} gibt es nicht.',
  'This layer has no mask.': 'Diese Ebene hat keine Maske.',
  'Choose a layer that has one.': 'Eine Ebene auswählen, die eine hat.',

  // Formats
  '{0}: Attune does not write “{1}” files.': '{0}: Attune schreibt keine Dateien „{1}“.',
  '{0}: the file name has no extension to tell the format by.':
    '{0}: Der Dateiname hat keine Endung, die das Format nennt.',
  'Use one of {0}.': 'Eines von diesen verwenden: {0}.',
  '{0}×{1} pixels do not fit a {2} file, whose sides may be {3} pixels at most.':
    '{0}×{1} Pixel passen nicht in eine {2}-Datei, deren Seiten höchstens {3} Pixel lang sind.',
  'Use {0}.': '{0} verwenden.',
  'The layers of {0} have {1} megapixels altogether, more than the {2} that fit.':
    'Die Ebenen von {0} haben zusammen {1} Megapixel, mehr als die {2}, die Platz haben.',
  'Merge or delete layers in the program that made it.':
    'Im Programm, das sie gemacht hat, Ebenen vereinen oder löschen.',
  'Cancelled.': 'Abgebrochen.',
  '{0} is damaged: {1}.': '{0} ist beschädigt: {1}.',
  'Open it in the program that made it and save it again.':
    'Im Programm öffnen, das sie gemacht hat, und neu speichern.',
  '{0} is neither a Photoshop nor an OpenRaster file.':
    '{0} ist weder eine Photoshop- noch eine OpenRaster-Datei.',
  'Save it as PSD or ORA in the program that made it.':
    'Im Programm, das sie gemacht hat, als PSD oder ORA speichern.',
  '{0} is cut short or damaged.': '{0} ist abgeschnitten oder beschädigt.',
  'Get the file once more, or export it again.': 'Die Datei noch einmal holen oder neu exportieren.',
  '{0}: version {1} of the Photoshop format is not known.':
    '{0}: Die Version {1} des Photoshop-Formats ist nicht bekannt.',
  '{0} is in {1} colours; Attune works in RGB.': '{0} hat {1}-Farben; Attune arbeitet in RGB.',
  'Convert it in the program that made it (in Photoshop: Image ▸ Mode ▸ RGB Color) and save it again.':
    'Im Programm, das sie gemacht hat, umwandeln (in Photoshop: Bild ▸ Modus ▸ RGB-Farbe) und neu speichern.',
  '{0} has 32 bits a channel (HDR); Attune works with 8.':
    '{0} hat 32 Bit je Kanal (HDR); Attune arbeitet mit 8.',
  'Convert it in the program that made it (in Photoshop: Image ▸ Mode ▸ 8 Bits/Channel) and save it again.':
    'Im Programm, das sie gemacht hat, umwandeln (in Photoshop: Bild ▸ Modus ▸ 8-Bit-Kanal) und neu speichern.',
  '{0} has {1}×{2} pixels, more than the {3} megapixels that fit.':
    '{0} hat {1}×{2} Pixel, mehr als die {3} Megapixel, die Platz haben.',
  'The pixels of a mask are missing.': 'Die Pixel einer Maske fehlen.',
  'The blend mode “{0}” is not known.': 'Der Modus „{0}“ ist nicht bekannt.',
  'A side of {0} pixels does not fit even a PSB file.':
    'Eine Seite von {0} Pixeln passt nicht einmal in eine PSB-Datei.',
  'Crop the layer first.': 'Zuerst die Ebene freistellen.',
  'What was kept of the file': 'Was von der Datei aufbewahrt war',
  'it cannot be read': 'es lässt sich nicht lesen',
  'a block is cut short': 'ein Block ist abgeschnitten',
  'a channel is empty': 'ein Kanal ist leer',
  'a layer does not begin where it should': 'eine Ebene beginnt nicht, wo sie soll',
  'a resource does not begin where it should': 'eine Ressource beginnt nicht, wo sie soll',
  'a row of pixels is too short': 'eine Zeile von Pixeln ist zu kurz',
  'compressed data do not unpack': 'gepackte Daten lassen sich nicht entpacken',
  'it does not begin as a Photoshop file does': 'sie beginnt nicht wie eine Photoshop-Datei',
  'it does not say what layers it has': 'sie sagt nicht, welche Ebenen sie hat',
  'it holds a PNG of an unknown kind': 'sie enthält ein PNG unbekannter Art',
  'it holds a PNG whose data do not unpack': 'sie enthält ein PNG, das sich nicht entpacken lässt',
  'it holds a PNG with an unknown filter': 'sie enthält ein PNG mit unbekanntem Filter',
  'it holds a PNG without a head': 'sie enthält ein PNG ohne Kopf',
  'it holds a PNG without its palette': 'sie enthält ein PNG ohne seine Palette',
  'it holds a picture that is no PNG': 'sie enthält ein Bild, das kein PNG ist',
  'it holds too many files': 'sie enthält zu viele Dateien',
  'its directory is broken': 'ihr Verzeichnis ist kaputt',
  'its groups are nested too deeply': 'ihre Gruppen sind zu tief verschachtelt',
  'its groups do not close': 'ihre Gruppen schließen sich nicht',
  'its layers are not in order': 'ihre Ebenen sind nicht in Ordnung',

  '“{0}” in it is too large': '„{0}“ darin ist zu groß',
  '“{0}” in it does not unpack': '„{0}“ darin lässt sich nicht entpacken',
  'the picture “{0}” of a layer is missing': 'das Bild „{0}“ einer Ebene fehlt',
  'compression {0} does not exist': 'die Packung {0} gibt es nicht',
  'colour mode {0} does not exist': 'den Farbmodus {0} gibt es nicht',
  '{0} bits a channel do not exist in this colour mode': '{0} Bit je Kanal gibt es in diesem Farbmodus nicht',
  'a picture of {0}×{1} pixels does not exist': 'ein Bild von {0}×{1} Pixeln gibt es nicht',
  '{0} channels do not make this picture': '{0} Kanäle ergeben dieses Bild nicht',
  'a layer of {0}×{1} pixels does not exist': 'eine Ebene von {0}×{1} Pixeln gibt es nicht',
  'the block “{0}” is longer than what holds it': 'der Block „{0}“ ist länger als das, was ihn enthält',

  // Harmonizing
  'The mask is {0}×{1}, the picture {2}×{3}.': 'Die Maske ist {0}×{1}, das Bild {2}×{3}.',
  'Give a mask of the same size.': 'Eine Maske derselben Größe verwenden.',
  'Strength {0} is not between 0 and 1.': 'Die Stärke {0} liegt nicht zwischen 0 und 1.',
  'The transform is not finite.': 'Die Abbildung ist nicht endlich.',
  'The network {0} answered {1} values, not as many as it said.':
    'Das Netz {0} gab {1} Werte, nicht so viele, wie es sagte.',
  'The network {0} answered values that are not finite.': 'Das Netz {0} gab Werte, die nicht endlich sind.',
  'The network {0} answered another size than it was asked for.':
    'Das Netz {0} gab eine andere Größe als verlangt.',
  'The mask is {0}×{1} pixels, the picture {2}×{3}.': 'Die Maske hat {0}×{1} Pixel, das Bild {2}×{3}.',
  'Give a mask of the same size as the picture.': 'Eine Maske von der Größe des Bildes verwenden.',
  'The mask has no foreground: it is black everywhere.':
    'Die Maske hat keinen Vordergrund: Sie ist überall schwarz.',
  'Paint what was pasted in white.': 'Das Eingesetzte weiß malen.',
  'The mask is all foreground: it is white everywhere, so there is nothing to harmonize with.':
    'Die Maske ist lauter Vordergrund: Sie ist überall weiß, also ist nichts da, woran anzupassen wäre.',
  'Leave the background black.': 'Den Hintergrund schwarz lassen.',
  'The file does not hold the regions that layers were made to agree with; their harmonizations are kept.':
    'Die Datei enthält nicht die Bereiche, an die Ebenen angepasst wurden; ihre Harmonisierungen bleiben erhalten.',
  'The reference region is empty.': 'Der Bezugsbereich ist leer.',
  'Mark the part of the background to agree with.':
    'Den Teil des Hintergrunds markieren, der das Vorbild ist.',
  'The reference region lies wholly inside the foreground, so it holds no background to agree with.':
    'Der Bezugsbereich liegt ganz im Vordergrund, enthält also keinen Hintergrund als Vorbild.',
  'Mark a part of the background beside the foreground.':
    'Einen Teil des Hintergrunds neben dem Vordergrund markieren.',
  'The reference is {0}×{1} pixels, the picture {2}×{3}.': 'Das Vorbild hat {0}×{1} Pixel, das Bild {2}×{3}.',
  'Give a reference of the same size as the picture.': 'Ein Vorbild von der Größe des Bildes verwenden.',
  'The clipboard does not take pictures here.': 'Die Zwischenablage nimmt hier keine Bilder.',
  'Export the picture, or make a layer via copy.':
    'Das Bild exportieren oder eine Ebene durch Kopie anlegen.',
  'The pixels of layer “{0}” are locked.': 'Die Pixel der Ebene „{0}“ sind gesperrt.',
  'Work on a copy of the layer (Ctrl+J).': 'An einer Kopie der Ebene arbeiten (Strg+J).',
  'The method realism was run without its network.': 'Das Verfahren realism lief ohne sein Netz.',
  'The method {0} answered numbers that describe no change of colours.':
    'Das Verfahren {0} gab Zahlen, die keine Änderung von Farben beschreiben.',
  'There is no device “{0}”.': 'Ein Gerät „{0}“ gibt es nicht.',
  'Known devices: {0}.': 'Bekannte Geräte: {0}.',
  'No device is named.': 'Kein Gerät ist genannt.',
  'The engine process died ({0}) and was started again.':
    'Der Rechenkern starb ({0}) und wurde neu gestartet.',
  'ONNX Runtime cannot load the network “{0}” ({1}): {2}.':
    'ONNX Runtime kann das Netz „{0}“ nicht laden ({1}): {2}.',
  'Restore it with `git checkout -- models`, or install Attune again.':
    'Mit `git checkout -- models` wiederherstellen oder Attune neu installieren.',
  'The network “{0}” scores pictures and harmonizes none.':
    'Das Netz „{0}“ bewertet Bilder und harmonisiert keine.',
  'The network “{0}” scores no pictures.': 'Das Netz „{0}“ bewertet keine Bilder.',
  'The network “{0}” parses no scenes.': 'Das Netz „{0}“ erkennt keine Szenen.',
  'The engine answered something else than “{0}” was asked for.':
    'Die Rechenmaschine antwortete etwas anderes, als „{0}“ gefragt wurde.',
  'The network “{0}” failed on the CPU: {1}.': 'Das Netz „{0}“ scheiterte auf der CPU: {1}.',
  'No device can run the network “{0}”: {1}.': 'Kein Gerät kann das Netz „{0}“ ausführen: {1}.',
  'See docs/devices.md.': 'Siehe docs/devices.md.',
  'The network “{0}” does not fit models/index.json: its tensor “{1}” is {2}, not float32 [{3}].':
    'Das Netz „{0}“ passt nicht zu models/index.json: Sein Tensor „{1}“ ist {2}, nicht float32 [{3}].',
  'Export the network again, or restore the folder models.':
    'Das Netz neu exportieren oder den Ordner models wiederherstellen.',
  'The engine was closed.': 'Der Rechenkern wurde geschlossen.',
  'The harmonization was cancelled.': 'Das Harmonisieren wurde abgebrochen.',
  'The engine process died twice while running “{0}” ({1}).':
    'Der Rechenkern starb zweimal, während „{0}“ lief ({1}).',
  'Close other programs if memory is short; if it stays so, please report it.':
    'Andere Programme schließen, falls der Speicher knapp ist; bleibt es dabei, bitte melden.',
  'The list of networks {0} cannot be read ({1}).': 'Die Liste der Netze {0} lässt sich nicht lesen ({1}).',
  'The list of networks {0} is malformed: {1} {2}.': 'Die Liste der Netze {0} ist fehlerhaft: {1} {2}.',
  'The list of networks {0} is not JSON.': 'Die Liste der Netze {0} ist kein JSON.',
  'Known networks: {0}.': 'Bekannte Netze: {0}.',
  'The method {0} needs a network “{1}” of kind score, which {2} does not list.':
    'Das Verfahren {0} braucht ein Netz „{1}“ der Art score, das {2} nicht nennt.',
  'Train and export it (training/README.md), or choose another method.':
    'Es trainieren und exportieren (training/README.md) oder ein anderes Verfahren wählen.',
  'The file of the network “{0}”, {1}, {2}.': 'Die Datei des Netzes „{0}“, {1}: {2}.',
  'The file of the network “{0}”, {1}, has {2} bytes instead of {3}.':
    'Die Datei des Netzes „{0}“, {1}, hat {2} Bytes statt {3}.',
  'The file of the network “{0}”, {1}, is not the one that was shipped: its sha256 is {2}… instead of {3}….':
    'Die Datei des Netzes „{0}“, {1}, ist nicht die ausgelieferte: Ihr sha256 ist {2}… statt {3}….',
  'The network “{0}” sees {1}×{2} pixels, not {3}×{4}.': 'Das Netz „{0}“ sieht {1}×{2} Pixel, nicht {3}×{4}.',
  'Lifting the picture to full size failed: {0}': 'Das Bild ließ sich nicht auf volle Größe bringen: {0}',

  // Files and the host
  'A batch is under way.': 'Ein Stapel läuft.',
  'Wait for it, or cancel it.': 'Abwarten oder abbrechen.',
  'This batch is no longer prepared.': 'Dieser Stapel ist nicht mehr vorbereitet.',
  'Look again.': 'Noch einmal ansehen.',
  'Use attune batch on the command line; it does the same.':
    'Auf der Kommandozeile attune batch verwenden; es tut dasselbe.',
  'This host cannot ask for folders.': 'Dieser Wirt kann nicht nach Ordnern fragen.',
  'Name them at its start: --folder PATH.': 'Beim Start nennen: --folder PFAD.',
  'There is no such folder.': 'Diesen Ordner gibt es nicht.',
  'Choose the folder again.': 'Den Ordner noch einmal wählen.',
  'There is no file {0}.': 'Eine Datei {0} gibt es nicht.',
  'Check the path.': 'Den Pfad prüfen.',
  '{0} cannot be read ({1}).': '{0} lässt sich nicht lesen ({1}).',
  '{0} is not a file.': '{0} ist keine Datei.',
  'Name a picture.': 'Ein Bild nennen.',
  'This recent file is no longer there.': 'Diese zuletzt geöffnete Datei ist nicht mehr da.',
  'Open it with File ▸ Open.': 'Mit Datei ▸ Öffnen öffnen.',
  '“{0}” is no name of a piece.': '„{0}“ ist kein Name eines Stücks.',
  'Attune cannot write {0} here.': 'Attune kann hier kein {0} schreiben.',
  'Export as PNG.': 'Als PNG exportieren.',
  '“{0}” cannot be decoded by this program.': 'Dieses Programm kann „{0}“ nicht entschlüsseln.',
  'A harmonization “{0}” is already under way.': 'Eine Harmonisierung „{0}“ läuft schon.',
  'This host cannot save files.': 'Dieser Wirt kann keine Dateien speichern.',
  'Use the download of the browser.': 'Den Download des Browsers verwenden.',
  '{0} cannot be written. {1}': '{0} lässt sich nicht schreiben. {1}',
  '{0} has {1} megapixels, more than the {2} of this format that the window opens.':
    '{0} hat {1} Megapixel, mehr als die {2}, die das Fenster in diesem Format öffnet.',
  'Save it as PNG, or scale it down first.': 'Als PNG speichern oder zuerst verkleinern.',
  '{0} has {1} samples{2}, whose range is not known.':
    '{0} hat Werte der Art {1}{2}, deren Bereich nicht bekannt ist.',
  'Save it with 8 or 16 bits a channel.': 'Mit 8 oder 16 Bit je Kanal speichern.',
  'There are no rows {0} to {1}.': 'Die Zeilen {0} bis {1} gibt es nicht.',
  '{0} is a folder, not a picture.': '{0} ist ein Ordner, kein Bild.',
  'Name a picture file.': 'Eine Bilddatei nennen.',
  '{0} is empty.': '{0} ist leer.',
  'Get the file again from where it came from.': 'Die Datei noch einmal von dort holen, woher sie kam.',
  '{0} is not a picture that Attune can read.': '{0} ist kein Bild, das Attune lesen kann.',
  'Give a PNG, JPEG, WebP, AVIF, TIFF, GIF or SVG file.':
    'Eine Datei in PNG, JPEG, WebP, AVIF, TIFF, GIF oder SVG verwenden.',
  '{0} does not exist.': '{0} gibt es nicht.',
  'Check the name and the folder.': 'Name und Ordner prüfen.',
  '{0} may not be read.': '{0} darf nicht gelesen werden.',
  'Change its permissions.': 'Die Rechte ändern.',
  '{0}: a picture of {1} is larger than the {2} megapixels that fit.':
    '{0}: Ein Bild von {1} ist größer als die {2} Megapixel, die Platz haben.',
  '{0} has more than 5 channels.': '{0} hat mehr als 5 Kanäle.',
  'Save it as RGB or RGBA.': 'Als RGB oder RGBA speichern.',
  '{0} is damaged or cut short{1}.': '{0} ist beschädigt oder abgeschnitten{1}.',
  '{0} is damaged or cut short.': '{0} ist beschädigt oder abgeschnitten.',
  'This is a fault of Attune itself; please report it.':
    'Das ist ein Fehler von Attune selbst; bitte melden.',
};
