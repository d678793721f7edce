import type { ProjectFormat } from '../../formats/project';
import type { Editor } from './editor.svelte';
import { deliver } from './exporting';

/** The project file of the document. */
export interface Project {
  readonly name: string;
  readonly format: ProjectFormat;
}

export const PROJECT_TITLES: Readonly<Record<ProjectFormat, string>> = {
  psd: 'Photoshop (PSD)',
  psb: 'Photoshop, large (PSB)',
  ora: 'OpenRaster (ORA)',
};

/** Saves the document with all its layers; resolves to whether it was saved. Failures are told. */
export async function saveProject(editor: Editor, project: Project): Promise<boolean> {
  const { document } = editor;
  if (!document) return false;
  editor.busy = 'Saving…';
  try {
    const saved = await editor.studio.call('save', { document, format: project.format });
    const name = `${project.name}.${saved.format}`;
    const delivered = await deliver(editor, name, saved.blob);
    if (!delivered) return false;
    void editor.recent.note({ name, blob: saved.blob, token: delivered.token }, document);
    editor.project = { name: project.name, format: saved.format };
    editor.markClean(document);
    editor.messages.notice(`Saved ${name}`, saved.notices.join(' '));
    editor.messages.announce(`Saved ${name}.`);
    return true;
  } catch (thrown) {
    editor.messages.fault(thrown);
    return false;
  } finally {
    editor.busy = null;
  }
}
