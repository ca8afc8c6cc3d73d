-- One row per article; prices without tax in a column per country, units in a column per shop.
select a.codigo as sku, a.nombre as title, a.nombre_pt as title_pt, a.descripcion as description, a.marca as brand,
       a.ean as gtin, a.familia as category, a.clase_iva as tax_class, a.foto as foto, a.activo as activo,
       max(case when p.pais = 'ES' then p.neto end) as price_es, max(case when p.pais = 'PT' then p.neto end) as price_pt,
       max(case when p.pais = 'FR' then p.neto end) as price_fr, max(case when p.pais = 'IT' then p.neto end) as price_it,
       max(case when p.pais = 'DE' then p.neto end) as price_de, max(case when p.pais = 'NL' then p.neto end) as price_nl,
       (select unidades from existencia e where e.codigo = a.codigo and e.tienda = 'MAD') as stock_mad,
       (select unidades from existencia e where e.codigo = a.codigo and e.tienda = 'ZAZ') as stock_zaz
from articulo a join precio p on p.codigo = a.codigo
group by a.codigo
order by a.codigo
