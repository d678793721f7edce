import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { openBridge } from './bridge';
import { Editor } from './state/editor.svelte';
import { Studio } from './workers/studio';

const editor = new Editor(openBridge(), new Studio());
mount(App, { target: document.getElementById('app')!, props: { editor } });
