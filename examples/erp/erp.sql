-- The part of an ERP that feedsync reads. Shop, brands, products and numbers are made up.
-- feedsync never writes into a database; make_erp.py builds erp.db from this file.
create table articulo (
  codigo text primary key, nombre text not null, nombre_pt text, descripcion text, marca text, ean text,
  familia text, clase_iva text not null, foto text, activo integer not null
);
create table precio (codigo text not null, pais text not null, neto numeric not null, primary key (codigo, pais));
create table existencia (tienda text not null, codigo text not null, unidades integer not null, primary key (tienda, codigo));

insert into articulo values
 ('0001007', 'Bota de montaña Moncayo', 'Bota de montanha Moncayo', 'Bota de piel con membrana y suela de agarre.', 'Altocierzo', '8437012345676', 'Calzado > Botas', 'general', 'moncayo.jpg', 1),
 ('0001014', 'Zapatilla de trail Ordesa', 'Sapatilha de trail Ordesa', 'Ligera, con drenaje; 240 g en la talla 42.', 'Altocierzo', '8437012345683', 'Calzado > Trail', 'general', 'ordesa.jpg', 1),
 ('0001021', 'Calcetín de lana merina', 'Meia de lã merino', 'Lana merina al 70 %, sin costuras.', 'Altocierzo', '8437012345690', 'Ropa > Calcetines', 'general', 'calcetin.jpg', 1),
 ('0002004', 'Guía de refugios del Pirineo', null, 'Mapa y 64 refugios, edición de 2026.', 'Cumbre Libros', '9788412345674', 'Libros > Guías', 'libros', 'guia.jpg', 1),
 ('0002011', 'Cantimplora de acero 0,75 l', 'Cantil de aço 0,75 l', 'Acero inoxidable, boca ancha.', 'Agualuz', '8437012345713', 'Accesorios > Cantimploras', 'general', 'cantimplora.jpg', 1),
 ('0002028', 'Bastón plegable Canfranc', 'Bastão dobrável Canfranc', 'Aluminio, tres tramos, 280 g.', 'Altocierzo', '8437012345720', 'Accesorios > Bastones', 'general', 'canfranc.jpg', 1),
 ('0003001', 'Tienda Ibón para dos personas', 'Tenda Ibón para duas pessoas', 'Doble techo, 2,1 kg.', 'Ibón', '8437012345737', 'Acampada > Tiendas', 'general', 'ibon.jpg', 1),
 ('0003018', 'Hornillo de gas Rescoldo', null, 'Encendido piezoeléctrico, 90 g.', 'Ibón', '8437012345744', 'Acampada > Cocina', 'general', 'rescoldo.jpg', 0);

insert into precio
 select codigo, pais, neto from (
  select '0001007' codigo, 119.8347 neto union all select '0001014', 90.8264 union all select '0001021', 12.3554
  union all select '0002004', 21.1538 union all select '0002011', 19.7934 union all select '0002028', 45.4132
  union all select '0003001', 206.6033 union all select '0003018', 28.8843)
 cross join (select 'ES' pais union all select 'PT' union all select 'FR' union all select 'IT' union all select 'DE' union all select 'NL');

insert into existencia values
 ('MAD', '0001007', 6), ('MAD', '0001014', 11), ('MAD', '0001021', 40), ('MAD', '0002004', 9), ('MAD', '0002011', 0), ('MAD', '0002028', 3), ('MAD', '0003001', 1),
 ('ZAZ', '0001007', 4), ('ZAZ', '0001014', 0), ('ZAZ', '0001021', 25), ('ZAZ', '0002011', 14), ('ZAZ', '0003001', 2);
