// Takes the pictures of docs/screenshots (make screenshots): the same Chromium as the tests, another list of files.
import { defineConfig } from '@playwright/test';
import base from './playwright.config';

export default defineConfig({ ...base, testDir: '.', testMatch: 'screenshots.ts', workers: 1, timeout: 180_000, reporter: 'list', projects: [{ name: 'pictures' }] });
