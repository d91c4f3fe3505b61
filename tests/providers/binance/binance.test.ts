import { providerContract } from '../../contract/provider.js';
import { wiredContract } from '../../contract/wire.js';
import { emulateBinance } from './scene.js';

providerContract('binance', () => emulateBinance('spot'));
wiredContract('binance', () => emulateBinance('spot'));
providerContract('binance-um', () => emulateBinance('futures/um'));
wiredContract('binance-um', () => emulateBinance('futures/um'));
