import { providerContract } from '../../contract/provider.js';
import { emulateBinance } from './scene.js';

providerContract('binance', () => emulateBinance('spot'));
providerContract('binance-um', () => emulateBinance('futures/um'));
