import { strFromU8 } from 'fflate';
import { writePsdUint8Array, type Layer as AgLayer, type Psd } from 'ag-psd';
import { documentView, renderDocument } from '../../compositor/render';
import type { Document } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Image } from '../../pixels/image';
import { srgbProfile } from '../color/srgb-profile';
import { EXIF_PREFIX } from '../metadata/exif';
import { EXIF_RESOURCE, iptcIn, IPTC_RESOURCE } from '../metadata/of-document';
import { unpackMetadata } from '../metadata/picture-metadata';
import {
  checkSignal,
  type Notice,
  type ProjectSource,
  type SavedProject,
  type WriteOptions,
} from '../project-file';
import { thumbnailOf } from '../thumbnail';
import { readContainer } from './container';
import { unpackKept, type KeptPart } from './kept';
import { LayerWriter } from './layers-out';
import { completeLevels } from './levels-tail';
import { writeMemo } from './memo';
import { splice } from './splice';

/** The longest side of a PSD; longer ones are PSB. */
const PSD_SIDE = 30_000;
const PSB_SIDE = 300_000;
const THUMBNAIL_SIDE = 160;
const ICC = '1039';
const XMP = '1060';

/** Saves as PSD or PSB; see {@link import('../project').writeProject}. */
export async function writePsdProject(
  document: Document,
  source: ProjectSource,
  options: WriteOptions,
): Promise<SavedProject> {
  const longest = Math.max(document.width, document.height, ...sidesOf(document));
  if (longest > PSB_SIDE) {
    throw new Fault(
      'too-large',
      `A side of ${longest} pixels does not fit even a PSB file.`,
      'Crop the layer first.',
    );
  }
  const large = options.format === 'psb' || longest > PSD_SIDE;
  const notices: Notice[] = [];
  if (large && options.format === 'psd') {
    notices.push({
      code: 'large',
      message: 'A side is longer than 30,000 pixels: saved as PSB, the large format.',
    });
  }
  const writer = new LayerWriter(document, source, large, notices);
  const children: AgLayer[] = [];
  for (const id of document.order) {
    checkSignal(options.signal);
    children.push(...writer.write(id));
  }
  const flat = renderDocument(document, source, documentView(document));
  checkSignal(options.signal);
  const kept = keptParts(document, source, options);
  const xmp = kept.find(({ key }) => key === XMP);
  const written = writePsdUint8Array(
    {
      width: document.width,
      height: document.height,
      children,
      imageData: flat,
      imageResources: await resources(document, flat, writer, xmp ? strFromU8(xmp.bytes) : null, options),
    },
    { psb: large, noBackground: true },
  );
  const file = new Uint8Array(written.buffer as ArrayBuffer, written.byteOffset, written.byteLength);
  const isResource = ({ key }: KeptPart) => /^\d+$/.test(key);
  const container = readContainer(file, 'The file');
  completeLevels(file, container);
  const bytes = splice(file, container, {
    layers: writer.blocks,
    document: kept.filter((part) => !isResource(part)),
    resources: [
      { key: ICC, bytes: srgbProfile() },
      ...kept.filter((part) => isResource(part) && part.key !== XMP),
    ],
  });
  return { bytes, format: large ? 'psb' : 'psd', notices };
}

function sidesOf(document: Document): number[] {
  return Object.values(document.layers).flatMap((layer) => [
    ...(layer.kind === 'pixels' ? [layer.width, layer.height] : []),
    ...(layer.mask ? [layer.mask.width, layer.mask.height] : []),
  ]);
}

/** What says who made the picture, when and where: captions, copyright, its address, EXIF, XMP. */
const METADATA: ReadonlySet<string> = new Set([IPTC_RESOURCE, '1034', '1035', EXIF_RESOURCE, XMP]);

function keptParts(
  { kept }: Document,
  source: ProjectSource,
  { metadata = true }: WriteOptions,
): readonly KeptPart[] {
  const packed = kept && source.blob(kept.data);
  if (!packed) return [];
  if (kept.format === 'picture') return metadata ? pictureParts(packed) : [];
  if (kept.format !== 'psd') return [];
  return unpackKept(packed).parts.filter(({ key }) => metadata || !METADATA.has(key));
}

/** What a picture file said, as Photoshop's resources. */
function pictureParts(packed: Uint8Array): KeptPart[] {
  const { exif, xmp, iptc } = unpackMetadata(packed);
  const captions = iptc && iptcIn(iptc);
  return [
    ...(captions ? [{ key: IPTC_RESOURCE, bytes: captions }] : []),
    ...(exif ? [{ key: EXIF_RESOURCE, bytes: exif.subarray(EXIF_PREFIX.length) }] : []),
    ...(xmp ? [{ key: XMP, bytes: xmp }] : []),
  ];
}

async function resources(
  document: Document,
  flat: Image,
  writer: LayerWriter,
  xmpBefore: string | null,
  { encodeJpeg }: WriteOptions,
): Promise<NonNullable<Psd['imageResources']>> {
  const xmp = writeMemo(writer.memo, xmpBefore);
  const thumbnail = encodeJpeg ? thumbnailOf(flat, THUMBNAIL_SIDE) : null;
  return {
    resolutionInfo: {
      horizontalResolution: document.resolution,
      horizontalResolutionUnit: 'PPI',
      widthUnit: 'Inches',
      verticalResolution: document.resolution,
      verticalResolutionUnit: 'PPI',
      heightUnit: 'Inches',
    },
    versionInfo: { hasRealMergedData: true, writerName: 'Attune', readerName: 'Attune', fileVersion: 1 },
    ...(xmp === null ? {} : { xmpMetadata: xmp }),
    ...(thumbnail && encodeJpeg
      ? {
          thumbnailRaw: {
            width: thumbnail.width,
            height: thumbnail.height,
            data: await encodeJpeg(thumbnail),
          },
        }
      : {}),
  };
}
